// Why a request was answered as it was: one table for the control API, the terminal and `arzamed why`.
import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { Fault, Mock } from '../../src/mock/index.ts';
import { causes } from '../../src/mock/findings/causes.ts';
import { rules } from '../../src/mock/findings/rules.ts';
import { refusalReasons } from '../../src/mock/state/journal.ts';
import { basic, bearerOf, keyOf, requestToken, tokenUrlOf } from '../support/http.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const scope = 'https://api.nextgen.arzamed.com/read';

let mock: Mock;
beforeAll(async () => {
  mock = await startUsualMock();
});
afterEach(() => mock.reset());
afterAll(() => mock.close());

async function call(authorization?: string, path = '/equipe/doctors', init: RequestInit = {}): Promise<number> {
  const headers = authorization === undefined ? {} : { Authorization: authorization };
  const response = await fetch(mock.baseUrl + path, { ...init, headers });
  await response.text().catch(() => '');
  return response.status;
}

async function askToken(form: Record<string, string>, authorization = basic(keyOf(mock, 'bianchi'))): Promise<void> {
  const headers = { Authorization: authorization };
  await fetch(tokenUrlOf(mock, 'bianchi'), { method: 'POST', headers, body: new URLSearchParams(form) });
}

describe('the table has an entry', () => {
  test.each(refusalReasons)('for the refusal %s', (reason) => {
    expect(causes[reason]).toMatchObject({ kind: 'refusal', happened: expect.stringMatching(/\S.*\.$/) });
  });

  test.each(Object.entries(causes))('that says what to do and where that is said: %s', async (_cause, entry) => {
    const requirements: unknown = parse(await readFile('openapi/client-rules/2026-12.yaml', 'utf8'));
    const { change = entry.remedy, rfc = entry.source ?? 'docs' } = Object(requirements)[entry.requirement ?? ''] ?? {};
    expect(entry.remedy ?? change).toMatch(/\S.*\.$/);
    expect(entry.source ?? rfc).toMatch(/\S/);
    expect(entry.happened).toMatch(/^[A-Z].*[^.]\.$/);
  });

  test('for each rule of findings, which has its own sentences', () => {
    for (const { message, remedy, source } of rules) expect([message, remedy, source].every(Boolean)).toBe(true);
  });
});

const refused: [string, string, () => Promise<unknown>][] = [
  ['missing_token', 'program', () => call()],
  ['invalid_token', 'program', () => call('Bearer nonsense')],
  ['unknown_path', 'program', () => call(undefined, '/nothing')],
  ['clinic_in_path', 'program', () => call(undefined, '/bianchi/equipe/doctors')],
  ['wrong_method', 'program', () => call(undefined, '/equipe/doctors', { method: 'DELETE' })],
  ['invalid_client', 'program', () => askToken({ grant_type: 'client_credentials', scope }, 'Basic eDp5')],
  ['invalid_request', 'program', () => askToken({ scope })],
  ['invalid_scope', 'program', () => askToken({ grant_type: 'client_credentials', scope: 'all' })],
  ['unsupported_grant_type', 'program', () => askToken({ grant_type: 'password' })],
  [
    'unknown_clinic',
    'program',
    () => fetch(tokenUrlOf(mock, 'bianchi').replace('bianchi', 'rossi'), { method: 'POST' }),
  ],
  [
    'not_acceptable',
    'program',
    async () => fetchWith(await bearerOf(mock, 'bianchi', { scope }), { Accept: 'text/csv' }),
  ],
  [
    'revoked_key',
    'fixture',
    async () => {
      const bearer = await bearerOf(mock, 'bianchi', { scope });
      mock.keys.revoke('bianchi-backend');
      await call(bearer);
    },
  ],
  [
    'expired_token',
    'program',
    async () => {
      const bearer = await bearerOf(mock, 'bianchi', { scope });
      mock.clock.advance({ hours: 2 });
      await call(bearer);
    },
  ],
];

function fetchWith(authorization: string, headers: Record<string, string>): Promise<Response> {
  return fetch(`${mock.baseUrl}/equipe/doctors`, { headers: { ...headers, Authorization: authorization } });
}

describe('a refusal is explained', () => {
  test.each(refused)('%s, which is to be changed in the %s', async (cause, whose, provoke) => {
    await provoke();
    const [last] = mock.journal.find().slice(-1);
    const story = await mock.explanations.of(last?.id ?? 0);
    const explanation = { cause, whose, kind: 'refusal', severity: 'error', remedy: expect.stringMatching(/\.$/) };
    expect(story.explanations[0]).toMatchObject(explanation);
    expect(story.checks.at(-1)).toMatchObject({ passed: false });
    // The finding of a rule that says the same stands for the refusal.
    const listed = Object.entries(causes).find(([id]) => id === cause)?.[1].rule ?? cause;
    expect(await mock.explanations.list()).toContainEqual(expect.objectContaining({ cause: listed, whose, count: 1 }));
  });
});

const faults: [string, Fault][] = [
  ['fault_unavailable', { status: 503 }],
  ['fault_unauthorized', { status: 401 }],
  ['fault_forbidden', { status: 403 }],
  ['fault_too_many_requests', { status: 429 }],
  ['fault_redirect', { status: 302, headers: { Location: '/' } }],
  ['fault_status', { status: 500 }],
  ['fault_body', { body: 'x' }],
  ['fault_content_type', { contentType: 'text/html' }],
  ['fault_headers', { headers: { 'X-Odd': '1' } }],
  ['fault_delay', { delay: { milliseconds: 1 } }],
  ['fault_reset', { delivery: 'reset' }],
  ['fault_close', { delivery: 'close' }],
  ['fault_truncate', { delivery: 'truncate' }],
  ['fault_garbage', { delivery: 'garbage' }],
  ['fault_chunked', { delivery: 'chunked' }],
  ['fault_slow', { delivery: 'slow', status: 500, body: 'x' }],
  ['fault_expires_in', { expiresIn: 60 }],
];

describe('a fault is explained in words', () => {
  test.each(faults)('%s', async (cause, fault) => {
    mock.faults.add({ ...fault, count: 1 });
    const written = new Promise((resolve) => mock.journal.follow({}, { entry: resolve }));
    const act = fault.expiresIn === undefined ? call(undefined) : requestToken(mock, 'bianchi', { scope });
    await Promise.allSettled([act, written]);
    const story = await mock.explanations.of(1);
    expect(story.explanations).toContainEqual(expect.objectContaining({ cause, kind: 'fault', whose: 'mock' }));
    expect(story.effect).toBeTruthy();
    expect(story.checks).toContainEqual(expect.objectContaining({ check: 'fault', passed: false }));
  });

  test('the table has no other fault than these, and that a request asks for', () => {
    const known = Object.keys(causes).filter((cause) => cause.startsWith('fault_'));
    expect(known.toSorted()).toEqual([...faults.map(([cause]) => cause), 'fault_prefer'].toSorted());
  });
});

describe('the story of a request', () => {
  test('names the request for its token, and its neighbours', async () => {
    const bearer = await bearerOf(mock, 'bianchi', { scope });
    await call(bearer);
    await bearerOf(mock, 'ricci', { scope });
    await call(bearer);
    expect(await mock.explanations.of(2)).toMatchObject({
      tokenRequest: 1,
      before: [1],
      after: [4],
      explanations: [],
      checks: [{ check: 'path' }, { check: 'credentials' }, { check: 'specification' }, { check: 'answer' }],
    });
    const story = JSON.stringify(await mock.explanations.of(2));
    expect(story).not.toContain(bearer.slice(7));
  });

  test('of an entry that there is not is refused', async () => {
    await expect(mock.explanations.of(7)).rejects.toMatchObject({ code: 'not_found' });
    expect((await fetch(`${mock.url}/_mock/journal/x/explanation`)).status).toBe(404);
  });
});

describe('the list of causes', () => {
  test('counts, with times, keys and the last entries', async () => {
    for (let count = 0; count < 25; count += 1) await call();
    const [group] = await mock.explanations.list();
    expect(group).toMatchObject({ cause: 'missing_token', count: 25, clientIds: [] });
    expect(group?.entries).toEqual(Array.from({ length: 20 }, (_, index) => index + 6));
    expect(group?.firstTime).toBe(mock.journal.find()[0]?.time);
    expect(group?.lastTime).toBe(mock.journal.find()[24]?.time);
  });

  test('has what is wrong before what the mock was made to do', async () => {
    mock.faults.add({ status: 503, count: 1 });
    await call();
    await call();
    const kinds = (await mock.explanations.list()).map(({ severity }) => severity);
    expect(kinds).toEqual(['error', 'info']);
  });

  test('has findings by their rule, over all keys', async () => {
    for (const clinic of ['bianchi', 'bianchi', 'ricci', 'ricci']) await bearerOf(mock, clinic, { scope });
    expect(await mock.explanations.list()).toMatchObject([
      {
        cause: 'token-not-cached',
        kind: 'finding',
        count: 2,
        clientIds: ['bianchi-backend', 'ricci-backend'],
        entries: [1, 2, 3, 4],
      },
    ]);
  });

  test('is that of one sandbox, at its own control URL', async () => {
    const sandbox = mock.sandboxes.create();
    await fetch(`${sandbox.baseUrl}/nothing`);
    expect(await (await fetch(`${sandbox.url}/_mock/explanations`)).json()).toMatchObject({
      explanations: [{ cause: 'unknown_path', entries: [1] }],
    });
    expect(await mock.explanations.list()).toEqual([]);
    await sandbox.close();
  });
});
