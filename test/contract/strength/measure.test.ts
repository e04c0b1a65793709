// Contracts of different strength, held by Pact's verifier to the mutants of a provider.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { measure, type Outcome } from '../../../src/contract/strength/measure.ts';
import { mutantsOf } from '../../../src/contract/strength/mutate.ts';
import { pactNet } from '../../../src/contract/strength/nets/pact-net.ts';
import { record } from '../../../src/contract/strength/record.ts';
import { Stage } from '../../../src/contract/strength/stage.ts';
import { Troupe } from '../../../src/contract/strength/troupe.ts';
import { contractOf, json, jsonBody, serve, type InteractionParts } from '../provider/support.ts';
import { mutantWith, plots, subjectFor } from './support.ts';

const subject = await subjectFor();
let troupe: Troupe;
beforeAll(async () => {
  troupe = await Troupe.gather(2);
});
afterAll(() => troupe[Symbol.asyncDispose]());

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

/** What becomes of the mutants with these ids, or of all, at a provider that answers as it should. */
async function strengthOf(interaction: InteractionParts, ...ids: string[]): Promise<Outcome[]> {
  await using provider = await serve(({ path }, response) =>
    path === '/states' ? json(response, 200, {}) : json(response, 200, plots, { 'X-Total': '2', ETag: 'a' }),
  );
  await using stage = await Stage.open();
  const contracts = [contractOf(interaction)];
  const faithful = { url: provider.url, states: `${provider.url}/states` };
  const exchanges = await record(contracts, faithful, subject.api, stage, troupe);
  const mutants = ids.length > 0 ? ids.map((id) => mutantWith(subject, id)) : mutantsOf(subject);
  return await measure({ subject, exchanges, mutants, nets: [pactNet(contracts, exchanges, stage, troupe)] });
}

const brief = (outcomes: readonly Outcome[]): string[] =>
  outcomes.map(({ mutant, result }) => `${result}: ${mutant.operator}`);

describe('a mutant', () => {
  test('is killed by the interaction that it breaks', async () => {
    const [outcome] = await strengthOf(listed({ body: { '$[*].name': type } }), 'type listPlots 200 $[*].name');
    expect(outcome).toMatchObject({
      result: 'killed',
      judgements: { pact: { result: 'killed', by: 'a request for the plots' } },
    });
    expect(outcome).not.toHaveProperty('advice');
  });

  test('survives a matcher that is too loose, with what would kill it', async () => {
    const loose = listed({ body: { $: type } });
    const [outcome] = await strengthOf(loose, 'enum added listPlots 200 $[*].soil');
    expect(outcome).toMatchObject({
      result: 'survived',
      advice: 'Needed: the values that are expected at $[*].soil in an interaction in which listPlots answers 200.',
    });
  });

  test('survives where no interaction meets it, and the advice says so', async () => {
    const [outcome] = await strengthOf(listed({ body: { $: type } }), 'status swap removePlot 204');
    expect(outcome).toMatchObject({
      result: 'survived',
      advice: expect.stringMatching(/^Needed: a first interaction with removePlot, and the status/),
    });
  });

  test('is equivalent where it does nothing that the specification does not allow', async () => {
    const loose = listed({ body: { $: type } });
    const outcomes = await strengthOf(
      loose,
      'header removed listPlots 200 ETag',
      'header removed listPlots 200 X-Total',
      'drop listPlots 200 $[*].rented',
    );
    // Pact demands every field of its example, whatever the specification says.
    expect(brief(outcomes)).toEqual(['equivalent: header removed', 'killed: header removed', 'killed: drop']);
  });
});

describe('a control', () => {
  const ids = ['other values listPlots 200', 'extra field listPlots 200 $[*]', 'charset listPlots 200'];

  test('is refused by a contract that demands what nobody promised, with what would accept it', async () => {
    const outcomes = await strengthOf(listed({}), ...ids);
    expect(brief(outcomes)).toEqual(['refused: other values', 'accepted: extra field', 'accepted: charset']);
    expect(outcomes[0]?.advice).toMatch(/^Needed: a matcher that demands no more than the specification promises/);
  });

  test('is accepted by one that demands no more', async () => {
    const header = {
      'Content-Type': { combine: 'AND', matchers: [{ match: 'regex', regex: '^application/json(;.*)?$' }] },
    };
    const outcomes = await strengthOf(listed({ body: { $: type }, header }), ...ids);
    expect(brief(outcomes)).toEqual(['accepted: other values', 'accepted: extra field', 'accepted: charset']);
  });
});

describe('nothing is measured', () => {
  test('at a provider that does not keep the contracts as it is', async () => {
    const wrong = listed({}, { status: 201 });
    await expect(strengthOf(wrong)).rejects.toThrow(/does not keep the contract[^]*a request for the plots[^]*201/);
  });

  test('without an interaction', async () => {
    await using stage = await Stage.open();
    const nowhere = { url: 'http://127.0.0.1:1', states: 'http://127.0.0.1:1' };
    await expect(record([contractOf()], nowhere, subject.api, stage, troupe)).rejects.toMatchObject({
      code: 'baseline_failing',
    });
  });
});
