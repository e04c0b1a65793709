import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { compileBody } from '../../../src/matching/compile.ts';
import { headerDemand } from '../../../src/matching/headers.ts';
import { satisfies, statusKeeps } from '../../../src/matching/matchers.ts';
import type { ContractResponse, Rule } from '../../../src/pact/model.ts';
import { readContract } from '../../../src/pact/read-contract.ts';
import { isLong, runs } from '../../support/runs.ts';
import { contracts, type Sample } from './arbitraries.ts';
import { verdictsOf } from './inline.ts';
import { judgeByPact, type Trial } from './pact-judge.ts';

function readResponse(response: unknown): ContractResponse {
  const pact = {
    consumer: { name: 'app' },
    provider: { name: 'service' },
    interactions: [{ description: 'x', request: { method: 'GET', path: '/' }, response }],
    metadata: { pactSpecification: { version: '4.0' } },
  };
  const [interaction] = readContract('x.json', JSON.stringify(pact)).interactions;
  if (!interaction) throw new Error('There is no interaction.');
  return interaction.response;
}

function ours({ response }: Trial, answer: unknown): boolean | undefined {
  const { body, rules } = readResponse(response);
  if (body.kind !== 'json') throw new Error('There is no body.');
  return satisfies(answer, compileBody(body.value, rules.body, '$'));
}

function trialOf({ example, rules, value }: Sample): Trial {
  return {
    response: {
      status: 200,
      headers: { 'Content-Type': ['application/json'] },
      body: { content: example, contentType: 'application/json', encoded: false },
      matchingRules: { body: rules },
    },
    answer: { body: value },
  };
}

/** The cases of `npm test`: Pact takes a while for each. */
function some<Case>(cases: readonly Case[]): Case[] {
  return cases.filter((_, index) => isLong || index % 3 === 0);
}

describe('what a contract demands is what Pact demands', () => {
  // With a third of the cases each matcher still accepts and refuses values.
  test.each([1, 2].slice(0, runs(1, 2)))('in any contract (seed %i)', async (seed) => {
    const samples = fc.sample(contracts, { seed, numRuns: runs(20, 300) });
    const trials = samples.map(trialOf);
    const byPact = await judgeByPact('4.0', trials);
    const differing = trials.flatMap((trial, index) => {
      const answer = ours(trial, trial.answer.body);
      return answer === undefined || answer === byPact[index]
        ? []
        : [{ ...samples[index], pact: byPact[index], ours: answer }];
    });
    expect(differing.slice(0, 5)).toEqual([]);
  });

  test('in headers, of one value and of several', async () => {
    const texts = ['1', '-1', '2.5', 'abc', 'a b', 'true', '2024-01-31', '1.2.3', '', 'a, b'];
    const rules: (Rule | undefined)[] = [
      undefined,
      { match: 'type' },
      { match: 'equality' },
      { match: 'regex', regex: '[a-c]+' },
      { match: 'regex', regex: 'a|abc' },
      { match: 'include', value: 'b' },
      { match: 'integer' },
      { match: 'decimal' },
      { match: 'number' },
      { match: 'boolean' },
      { match: 'semver' },
      { match: 'date', format: 'yyyy-MM-dd' },
      { match: 'notEmpty' },
    ];
    const alone = rules.flatMap((rule) => texts.map((text) => ({ name: 'X-Test', values: ['abc'], rule, text })));
    const others = fc.sample(
      fc.record({
        name: fc.constantFrom('X-Test', 'Allow', 'Cache-Control'),
        values: fc.constantFrom(['abc'], ['a, b'], ['a', 'b'], ['a,b']),
        rule: fc.constantFrom(...rules),
        text: fc.constantFrom(...texts, 'a', 'a,b', 'b, a', 'a, b', 'a, 1'),
      }),
      { seed: 1, numRuns: runs(12, 600) },
    );
    const cases = [...some(alone), ...others];
    const byPact = await judgeByPact(
      '4.0',
      cases.map(({ name, values, rule, text }) => ({
        response: {
          status: 200,
          headers: { [name]: values },
          ...(rule ? { matchingRules: { header: { [name]: { matchers: [rule] } } } } : {}),
        },
        answer: { headers: { [name]: text } },
      })),
    );
    const differing = cases.flatMap((each, index) => {
      const { name, values, rule, text } = each;
      const list = rule && ({ combine: 'and', rules: [rule] } as const);
      const demand = headerDemand(name.toLowerCase(), { name, values }, list);
      const accepted = demand.lines === 1 ? demand.accepts(text) : false;
      return accepted === byPact[index] ? [] : [{ ...each, ours: accepted }];
    });
    expect(differing).toEqual([]);
  });

  test('in statuses', async () => {
    const classes = ['success', 'redirect', 'clientError', 'serverError', 'nonError', 'error', 'info', [200, 404]];
    const rules = [
      ...classes.map((status) => ({ match: 'statusCode', status })),
      { match: 'type' },
      { match: 'integer' },
    ];
    const all = rules.flatMap((rule) =>
      [200, 204, 302, 404, 500].map((status) => ({ rule, status, example: status % 3 === 0 ? 404 : 200 })),
    );
    const cases = some(all);
    const responses = cases.map(({ rule, example }) => ({
      status: example,
      matchingRules: { status: { matchers: [rule] } },
    }));
    const byPact = await judgeByPact(
      '4.0',
      cases.map(({ status }, index) => ({ response: responses[index] ?? {}, answer: { status, headers: {} } })),
    );
    const differing = cases.filter(({ status, example }, index) => {
      const { rules: read } = readResponse(responses[index]);
      return statusKeeps(status, read.status, example) !== byPact[index];
    });
    expect(differing).toEqual([]);
  });

  test('in content types: what is said to hold is accepted as it is described', async () => {
    const types = ['application/json', 'application/json; charset=utf-8', 'application/json;charset=UTF-8'];
    const all = [...types, 'application/json;v=1', 'application/json;v=2; charset=utf-8', 'text/plain; charset=utf-8'];
    const cases = some(all.flatMap((described) => all.map((expected) => ({ described, expected }))));
    const byPact = await judgeByPact(
      '3.0.0',
      cases.map(({ described, expected }) => ({
        response: { status: 200, headers: { 'Content-Type': expected } },
        answer: { headers: { 'Content-Type': described }, body: 1 },
      })),
    );
    const said = cases.map(({ described, expected }) => {
      const responses = { 200: { description: 'ok', content: { [described]: {} } } };
      const response = { headers: { 'Content-Type': expected } };
      return verdictsOf({ operation: { responses }, response }).find(({ rule }) => rule === 'content type')?.result;
    });
    expect(cases.filter((_, index) => said[index] === 'holds' && byPact[index] === false)).toEqual([]);
    expect(cases.filter((_, index) => said[index] === 'broken' && byPact[index] === true)).toEqual([]);
    expect(said.filter((result) => result === 'holds').length).toBeGreaterThan(isLong ? all.length : 1);
  });
});
