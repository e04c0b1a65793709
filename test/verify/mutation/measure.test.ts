// Contracts of different strength, held by Pact's verifier to the mutants of a provider.
import { describe, expect, test } from '@jest/globals';
import type { MutantOutcome } from '../../../src/verify/mutation/measure.ts';
import type { MutantCheck } from '../../../src/verify/mutation/mutant.ts';
import { measureStrength } from '../../../src/verify/mutation/mutation-testing.ts';
import { describeStrength, summarizeStrength } from '../../../src/verify/mutation/summary.ts';
import { shareVerifier } from '../../support/shared-verifier.ts';
import { contractFrom, contractOf, json, jsonBody, serve, type InteractionParts } from '../provider/support.ts';
import { mutantWith, plots, subjectFor } from './support.ts';

shareVerifier();

const subject = await subjectFor();

const request = { path: '/v1/plots/1', headers: { Authorization: ['Bearer token'] } };
const type = { combine: 'AND', matchers: [{ match: 'type' }] };
const listed = (matchingRules: object, more: object = {}): InteractionParts => ({
  description: 'a request for the plots',
  request,
  response: {
    headers: { 'Content-Type': ['application/json'], 'X-Total': ['2'] },
    body: jsonBody(plots),
    matchingRules,
    ...more,
  },
});

/** What becomes of the mutants with these ids at a provider that answers as it should. */
async function strengthOf(
  interactions: InteractionParts[],
  ids: string[],
  checks: MutantCheck[] = [],
): Promise<MutantOutcome[]> {
  await using provider = await serve(({ path }, response) =>
    path === '/states' ? json(response, 200, {}) : json(response, 200, plots, { 'X-Total': '2', ETag: 'a' }),
  );
  return await measureStrength({
    api: subject.api,
    contracts: interactions.length > 0 ? [contractFrom(contractOf(...interactions))] : [],
    provider: { url: provider.url, states: `${provider.url}/states` },
    mutants: ids.map((id) => mutantWith(subject, id)),
    checks,
    parallel: 1,
  });
}

const brief = (outcomes: readonly MutantOutcome[]): string[] =>
  outcomes.map(({ mutant, result }) => `${result}: ${mutant.operator}`);

const nameMatched = listed({ body: { '$[*].name': type } });
const anyOfTheType = listed({ body: { $: type } });

describe('a mutant', () => {
  test('is killed by the interaction that it breaks', async () => {
    const [outcome] = await strengthOf([nameMatched], ['type listPlots 200 $[*].name']);
    const pact = { result: 'killed', by: 'a request for the plots' };
    expect(outcome).toMatchObject({ result: 'killed', judgements: { pact } });
    expect(outcome).not.toHaveProperty('advice');
  });

  test('survives a matcher that is too loose, with what would kill it', async () => {
    const [outcome] = await strengthOf([anyOfTheType], ['enum added listPlots 200 $[*].soil']);
    expect(outcome).toMatchObject({
      result: 'survived',
      advice: 'Needed: the values that are expected at $[*].soil in an interaction in which listPlots answers 200.',
    });
  });

  test('survives where no interaction meets it, and the advice says so', async () => {
    const [outcome] = await strengthOf([anyOfTheType], ['status swap removePlot 204']);
    expect(outcome).toMatchObject({
      result: 'survived',
      advice: expect.stringMatching(/^Needed: a first interaction with removePlot, and the status/),
    });
  });

  test('is equivalent where it does nothing that the specification does not allow', async () => {
    const ids = [
      'header removed listPlots 200 ETag',
      'header removed listPlots 200 X-Total',
      'drop listPlots 200 $[*].rented',
    ];
    // Pact demands every field of its example, whatever the specification says.
    expect(brief(await strengthOf([anyOfTheType], ids))).toEqual([
      'equivalent: header removed',
      'killed: header removed',
      'killed: drop',
    ]);
  });

  test('may be killed by another net', async () => {
    const net: MutantCheck = {
      name: 'names',
      judge: async ({ specification }) => ({ result: specification ? 'killed' : 'survived', by: 'a change' }),
    };
    const ids = ['optional listPlots 200 $[*].name'];
    const [outcome] = await strengthOf([anyOfTheType], ids, [net]);
    expect(outcome).toMatchObject({
      result: 'killed',
      judgements: { pact: { result: 'survived' }, names: { result: 'killed', by: 'a change' } },
    });
  });
});

test('a mutant that diff alone notices is no merit of the contracts', async () => {
  const diff: MutantCheck = { name: 'diff', judge: async () => ({ result: 'killed', by: 'a change' }) };
  const [outcome] = await strengthOf([anyOfTheType], ['optional listPlots 200 $[*].name'], [diff]);
  expect(outcome).toMatchObject({ result: 'survived', judgements: { diff: { result: 'killed' } } });
  const summary = summarizeStrength(outcome ? [outcome] : []);
  expect(describeStrength(summary)).toMatch(
    /^The contracts kill 0 % of 1 mutants of the provider \(pact 0 %, beside them diff 100 %\)/,
  );
});

describe('a control', () => {
  const ids = ['other values listPlots 200', 'extra field listPlots 200 $[*]', 'charset listPlots 200'];

  test('is refused by a contract that demands what nobody promised, with what would accept it', async () => {
    const outcomes = await strengthOf([listed({})], [...ids, 'type listPlots 200 $']);
    expect(brief(outcomes).slice(0, 3)).toEqual([
      'refused: other values',
      'accepted: extra field',
      'accepted: charset',
    ]);
    expect(outcomes[0]?.advice).toMatch(/^Needed: a matcher that demands no more than the specification promises/);
  });

  test('is accepted by one that demands no more', async () => {
    const header = {
      'Content-Type': { combine: 'AND', matchers: [{ match: 'regex', regex: '^application/json(;.*)?$' }] },
    };
    const outcomes = await strengthOf([listed({ body: { $: type }, header })], [...ids, 'type listPlots 200 $']);
    expect(brief(outcomes).slice(0, 3)).toEqual([
      'accepted: other values',
      'accepted: extra field',
      'accepted: charset',
    ]);
  });

  test('that nothing would show is left out', async () => {
    const ids = ['extra header token 200', 'charset token 200', 'type listPlots 200 $'];
    expect(brief(await strengthOf([anyOfTheType], ids))).toEqual(['accepted: extra header', 'killed: type']);
  });
});

describe('nothing is measured', () => {
  test('at a provider that breaks the contracts', async () => {
    const wrong = listed({}, { status: 201 });
    await expect(strengthOf([wrong], ['type listPlots 200 $'])).rejects.toThrow(
      /breaks the contract[^]*a request for the plots[^]*201/,
    );
  });

  test.each<[string, InteractionParts[], string[]]>([
    ['an interaction', [], ['type listPlots 200 $']],
    ['a mutant that is to be refused', [anyOfTheType], ['charset listPlots 200']],
  ])('without %s', async (_what, interactions, ids) => {
    await expect(strengthOf(interactions, ids)).rejects.toMatchObject({ code: 'baseline_failing' });
  });
});
