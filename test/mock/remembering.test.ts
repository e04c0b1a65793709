// The mock keeps what it has worked out: Prism's answers, what was found in a request, whose signature is good. A mock that
// works out each answer anew answers the same, whatever happens in between.
import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { VerifiedTokens } from '../../src/mock/auth/verified-tokens.ts';
import type { Mock } from '../../src/mock/index.ts';
import { openMock } from '../../src/mock/start-mock.ts';
import { bearerOf } from '../support/http.ts';
import { call, clients, doctors, scope, tokenRequest, type Step } from '../support/random-requests.ts';
import { startUsualMock } from '../support/usual-mock.ts';
import { runs } from '../support/runs.ts';

const start = Date.parse('2026-05-04T08:00:00Z');

/** Two mocks that are the same in everything, but for what is remembered. */
async function open(remembers: boolean): Promise<Mock> {
  const mock = await openMock({ now: () => start, schedule: () => () => {} }, { remembers });
  await mock.load();
  return mock;
}

let mocks: [Mock, Mock];
beforeAll(async () => {
  mocks = [await open(true), await open(false)];
});
afterAll(() => Promise.all(mocks.map((mock) => mock.close())));

type Act = [name: string, act: (mock: Mock) => unknown];

const client = fc.constantFrom(...clients);
const clinic = fc.constantFrom('bianchi', 'ricci');

/** Something happens to the mock. */
const event = fc
  .oneof(
    client.map((id): Act => [`revoke ${id}`, (mock) => void mock.keys.revoke(id)]),
    client.map((id): Act => [`restore ${id}`, (mock) => void mock.keys.restore(id)]),
    fc
      .constantFrom(1, 1800, 3599, 3600, -60, -7200)
      .map((seconds): Act => [`advance ${seconds}`, (mock) => mock.clock.advance({ seconds })]),
    clinic.map((id): Act => [
      `replace ${id}`,
      (mock) => mock.answers.replace(id, 'listDoctors', [{ name: 'Dott.ssa Łucja Müller 王', profileImage: null }]),
    ]),
    clinic.map((id): Act => [`restore answer ${id}`, (mock) => mock.answers.restore(id, 'listDoctors')]),
    clinic.map((id): Act => [`fault ${id}`, (mock) => void mock.faults.add({ status: 503, count: 1, clinic: id })]),
    fc.constant<Act>(['fault', (mock) => void mock.faults.add({ status: 503, count: 1 })]),
    fc.constant<Act>(['clear', (mock) => mock.faults.clear()]),
    fc.constant<Act>(['rotate', async (mock) => void (await mock.rotateSigningKeys())]),
  )
  .map(([name, act]): [string, Step] => [name, async (mock) => act(mock)]);

/** What the journal says, but for what is by chance. */
function journalOf(mock: Mock): unknown[] {
  return mock.journal
    .find()
    .map(({ milliseconds: _milliseconds, tokenId, ...entry }) => ({ ...entry, tokenId: typeof tokenId }));
}

/** What the findings are, but for those that rest on pauses of a few real milliseconds: chance decides over these. */
function findingsOf(mock: Mock): unknown[] {
  return mock.findings.list().filter(({ id }) => !id.startsWith('retried-'));
}

test.each([1, 2])('whatever happens, it answers as if it remembered nothing (seed %i)', async (seed) => {
  const dynamic = /"dynamic=true"/;
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          { weight: 5, arbitrary: call },
          { weight: 2, arbitrary: tokenRequest },
          { weight: 2, arbitrary: event },
        ),
        {
          minLength: 15,
          maxLength: 30,
        },
      ),
      async (steps) => {
        for (const mock of mocks) mock.reset();
        const tokens: [string[], string[]] = [[], []];
        for (const [index, mock] of mocks.entries())
          tokens[index]?.push((await bearerOf(mock, 'bianchi', { scope })).replace('Bearer ', ''));
        for (const [name, step] of steps) {
          const [one, other] = await Promise.all(mocks.map((mock, index) => step(mock, tokens[index] ?? [])));
          // What is made up from a schema is by chance.
          if (!dynamic.test(name)) expect({ name, answer: one }).toEqual({ name, answer: other });
        }
        expect(journalOf(mocks[0])).toEqual(journalOf(mocks[1]));
        expect(findingsOf(mocks[0])).toEqual(findingsOf(mocks[1]));
      },
    ),
    { seed, numRuns: runs(3, 15), endOnFailure: true },
  );
});

describe('a token that was good a moment ago', () => {
  async function used(mock: Mock): Promise<() => Promise<number>> {
    const authorization = await bearerOf(mock, 'bianchi', { scope });
    const ask = async (): Promise<number> =>
      (await fetch(mock.baseUrl + doctors, { headers: { Authorization: authorization } })).status;
    for (const _time of [1, 2, 3]) expect(await ask()).toBe(200);
    return ask;
  }

  test('is refused as soon as its key is revoked, and good again with the key', async () => {
    await using mock = await startUsualMock();
    const ask = await used(mock);
    const [key] = mock.clinics.find(({ clinic }) => clinic === 'bianchi')?.keys ?? [];
    mock.keys.revoke(key?.clientId ?? '');
    expect(await ask()).toBe(403);
    mock.keys.restore(key?.clientId ?? '');
    expect(await ask()).toBe(200);
  });

  test('is refused as soon as its time is over, and good again when the clock goes back', async () => {
    await using mock = await startUsualMock();
    const ask = await used(mock);
    mock.clock.advance({ seconds: 3601 });
    expect(await ask()).toBe(401);
    mock.clock.reset();
    expect(await ask()).toBe(200);
  });

  test('meets each fault that is set for it, and what a clinic answers now', async () => {
    await using mock = await startUsualMock();
    const ask = await used(mock);
    mock.faults.add({ operationId: 'listDoctors', status: 503, count: 2 });
    expect([await ask(), await ask(), await ask()]).toEqual([503, 503, 200]);
    expect(mock.journal.count({ operationId: 'listDoctors', status: 503 })).toBe(2);
  });
});

test('a call that says that its body has no bytes is answered as one that says nothing', async () => {
  await using mock = await startUsualMock();
  const authorization = await bearerOf(mock, 'bianchi', { scope });
  const ask = async (headers: Record<string, string>): Promise<unknown> => {
    const sent = request(mock.baseUrl + doctors, { headers: { ...headers, Authorization: authorization } }).end();
    const [response] = await once(sent, 'response');
    return { status: response.statusCode, body: await text(response) };
  };
  const answers = [await ask({}), await ask({}), await ask({ 'Content-Length': '0' })];
  expect(answers).toEqual([answers[0], answers[0], answers[0]]);
  expect(answers[0]).toMatchObject({ status: 200 });
});

test('a token is told apart from another one with the same end', () => {
  const tokens = new VerifiedTokens(2);
  const verified = { claims: {}, kid: '', clinic: '', clientId: '', scopes: new Set<string>() };
  const end = 's'.repeat(100);
  tokens.remember(`a.a.${end}`, verified);
  expect([tokens.find(`a.a.${end}`), tokens.find(`b.b.${end}`)]).toEqual([verified, undefined]);
});

test('what is remembered of tokens has a bound, and the oldest makes room', () => {
  const tokens = new VerifiedTokens(2);
  const verified = { claims: {}, kid: '', clinic: '', clientId: '', scopes: new Set<string>() };
  for (const token of ['a', 'b', 'c']) tokens.remember(token, verified);
  expect(['a', 'b', 'c'].map((token) => tokens.find(token) !== undefined)).toEqual([false, true, true]);
});
