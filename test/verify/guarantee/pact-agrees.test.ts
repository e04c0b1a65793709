import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { compileBody } from '../../../src/matching/compile.ts';
import { conditionOf, satisfies, textsOf } from '../../../src/matching/matchers.ts';
import { isOf } from '../../../src/util/regex/find-text.ts';
import type { Rule } from '../../../src/pact/model.ts';
import { readContract } from '../../../src/pact/read-contract.ts';
import { runs } from '../../support/runs.ts';
import { contracts, type Sample } from './arbitraries.ts';
import { judgeByPact, type Trial } from './pact-judge.ts';

function ours({ response }: Trial, answer: unknown): boolean | undefined {
  const pact = {
    consumer: { name: 'app' },
    provider: { name: 'service' },
    interactions: [{ description: 'x', request: { method: 'GET', path: '/' }, response }],
    metadata: { pactSpecification: { version: '4.0' } },
  };
  const [interaction] = readContract('x.json', JSON.stringify(pact)).interactions;
  if (interaction?.response.body.kind !== 'json') throw new Error('There is no body.');
  return satisfies(answer, compileBody(interaction.response.body.value, interaction.response.rules.body, '$'));
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

describe('what a contract demands is what Pact demands', () => {
  // With a third of the cases each matcher still accepts and refuses values.
  test.each([1, 2])('in any contract (seed %i)', async (seed) => {
    const samples = fc.sample(contracts, { seed, numRuns: runs(100, 300) });
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

  test('in headers', async () => {
    const texts = ['1', '-1', '2.5', 'abc', 'a b', 'true', '2024-01-31', '1.2.3', '', 'a, b'];
    const rules: Rule[] = [
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
    const cases = rules.flatMap((rule) => texts.map((text) => ({ rule, text })));
    const byPact = await judgeByPact(
      '4.0',
      cases.map(({ rule, text }) => ({
        response: {
          status: 200,
          headers: { 'X-Test': ['abc'] },
          matchingRules: { header: { 'X-Test': { matchers: [rule] } } },
        },
        answer: { headers: { 'X-Test': text } },
      })),
    );
    const differing = cases.filter(({ rule, text }, index) => {
      const accepted = isOf(textsOf(conditionOf({ combine: 'and', rules: [rule] }, 'abc'), true), text);
      return accepted !== byPact[index];
    });
    expect(differing).toEqual([]);
  });
});
