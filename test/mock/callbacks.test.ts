// What a test gives the mock to call may fail. The mock goes on as if it had not, on the first call and on those that it
// answers from what it keeps.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Mock, MockOptions } from '../../src/mock/index.ts';
import { bearerOf, requestToken } from '../support/http.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const scope = 'https://api.nextgen.arzamed.com/read';
const listDoctors = { operationId: 'listDoctors' };

/** Status and body of a call; one that gets no answer fails. */
async function ask(mock: Mock, authorization: string): Promise<[status: number, body: unknown]> {
  const headers = { Authorization: authorization };
  const signal = AbortSignal.timeout(10_000);
  const response = await fetch(`${mock.baseUrl}/equipe/doctors`, { headers, signal });
  return [response.status, await response.json()];
}

/** The answers to a first call and to two more of the same. */
async function askThrice(mock: Mock): Promise<unknown[]> {
  const token = await bearerOf(mock, 'senza-foto', { scope });
  return [await ask(mock, token), await ask(mock, token), await ask(mock, token)];
}

const doctors = [
  200,
  [expect.objectContaining({ profileImage: null }), expect.objectContaining({ profileImage: null })],
];

let now: number;
beforeEach(() => {
  now = Date.parse('2026-11-23T12:00:00Z');
});

function start(options: MockOptions): Promise<Mock> {
  return startUsualMock({ now: () => now, ...options });
}

function fail(): never {
  throw new Error('The callback failed.');
}

/** A mock can be closed in the end, even one that does not bear this. */
function failOnce(): () => void {
  let failed = false;
  return () => {
    if (failed) return;
    failed = true;
    fail();
  };
}

describe('a callback that throws', () => {
  describe('as onAnswer', () => {
    test('changes no answer', async () => {
      await using mock = await start({ onAnswer: fail });
      expect(await askThrice(mock)).toEqual([doctors, doctors, doctors]);
    });

    test('keeps nothing out of the journal', async () => {
      await using mock = await start({ onAnswer: fail });
      await askThrice(mock);
      expect(mock.journal.find().map(({ id, status }) => [id, status])).toEqual([
        [1, 200],
        [2, 200],
        [3, 200],
        [4, 200],
      ]);
    });

    test('keeps nothing out of the findings', async () => {
      await using mock = await start({ onAnswer: fail });
      await requestToken(mock, 'ricci', { scope });
      await requestToken(mock, 'ricci', { scope });
      expect(mock.findings.list()).toMatchObject([{ id: 'token-not-cached', times: 1 }]);
    });
  });

  describe('as onFinding', () => {
    test('changes no answer', async () => {
      await using mock = await start({ onFinding: fail });
      expect((await requestToken(mock, 'ricci', { scope })).status).toBe(200);
      expect((await requestToken(mock, 'ricci', { scope })).status).toBe(200);
      expect(mock.findings.list()).toMatchObject([{ id: 'token-not-cached' }]);
    });

    test('changes no answer from what is kept', async () => {
      await using mock = await start({ onFinding: fail });
      const [struck, token] = [await bearerOf(mock, 'ricci', { scope }), await bearerOf(mock, 'senza-foto', { scope })];
      await ask(mock, token);
      mock.faults.add({ ...listDoctors, clinic: 'ricci', status: 503, count: 1 });
      await ask(mock, struck);
      now += 61_000;
      expect(await ask(mock, token)).toEqual(doctors);
      expect(mock.findings.list()).toMatchObject([{ id: 'unavailable-not-retried' }]);
    });

    test('does not get out of a timer', async () => {
      const timers: (() => void)[] = [];
      await using mock = await start({ onFinding: fail, schedule: (act) => (timers.push(act), () => {}) });
      mock.faults.add({ ...listDoctors, status: 503, count: 1 });
      await ask(mock, await bearerOf(mock, 'ricci', { scope }));
      now += 61_000;
      const [ring] = timers;
      expect(ring).toEqual(expect.any(Function));
      expect(ring).not.toThrow();
    });

    test('does not keep the findings from being read', async () => {
      await using mock = await start({ onFinding: fail });
      mock.faults.add({ ...listDoctors, status: 503, count: 1 });
      await ask(mock, await bearerOf(mock, 'ricci', { scope }));
      now += 61_000;
      expect(mock.findings.list()).toMatchObject([{ id: 'unavailable-not-retried' }]);
    });
  });

  describe('as onReset', () => {
    test('does not keep the mock from being reset', async () => {
      await using mock = await start({ onReset: fail });
      mock.keys.revoke('nuovo-backend');
      mock.reset();
      expect(mock.keys.list('nuovo')).toMatchObject([{ status: 'active' }]);
    });

    test('does not keep the mock from being reset by HTTP', async () => {
      await using mock = await start({ onReset: fail });
      mock.keys.revoke('nuovo-backend');
      const response = await fetch(`${mock.url}/_mock/reset`, { method: 'POST' });
      expect([response.status, mock.keys.list('nuovo')]).toMatchObject([204, [{ status: 'active' }]]);
    });

    test('does not keep a sandbox from being reset', async () => {
      await using mock = await start({ onReset: fail });
      const sandbox = mock.sandboxes.create();
      sandbox.keys.revoke('nuovo-backend');
      sandbox.reset();
      expect(sandbox.keys.list('nuovo')).toMatchObject([{ status: 'active' }]);
    });
  });

  describe('as a follower of the journal', () => {
    test('changes no answer', async () => {
      await using mock = await start({});
      mock.journal.follow({}, { entry: fail });
      expect(await askThrice(mock)).toEqual([doctors, doctors, doctors]);
    });

    test('keeps nothing from onAnswer, from the other followers and from the findings', async () => {
      const told: unknown[] = [];
      const followed: unknown[] = [];
      await using mock = await start({ onAnswer: ({ status }) => told.push(status) });
      mock.journal.follow({}, { entry: fail });
      mock.journal.follow({}, { entry: ({ status }) => followed.push(status) });
      await requestToken(mock, 'senza-foto', { scope });
      await askThrice(mock);
      expect([told, followed]).toEqual([
        [200, 200, 200, 200, 200],
        [200, 200, 200, 200, 200],
      ]);
      expect(mock.findings.list()).toMatchObject([{ id: 'token-not-cached' }]);
    });

    test.each<[string, (mock: Mock) => unknown]>([
      ['the mock from being reset', (mock) => mock.reset()],
      ['the mock from being closed', (mock) => mock.close()],
    ])('that is told of the end does not keep %s, nor that from the others', async (_what, end) => {
      await using mock = await start({});
      let ended = false;
      mock.journal.follow({}, { entry: () => {}, end: failOnce() });
      mock.journal.follow({}, { entry: () => {}, end: () => (ended = true) });
      await end(mock);
      expect(ended).toBe(true);
    });

    test('that is told of the end does not keep a sandbox from being ended', async () => {
      await using mock = await start({});
      const sandbox = mock.sandboxes.create();
      sandbox.journal.follow({}, { entry: () => {}, end: failOnce() });
      await sandbox.close();
      expect(mock.sandboxes.list()).toEqual([]);
    });
  });
});

/** Calls of a mock whose every callback rejects, and their statuses as JSON. Such a rejection ends the process that has it. */
const program = `
  import { startMock } from ${JSON.stringify(new URL('../../dist/mock/index.js', import.meta.url))};
  const fail = () => Promise.reject(new Error('The callback failed.'));
  const mock = await startMock({ onAnswer: fail, onFinding: fail, onReset: fail });
  const { tokenUrl, keys: [{ clientId, clientSecret }] } = mock.clinics[0];
  const requestToken = () => fetch(tokenUrl, {
    method: 'POST',
    headers: { Authorization: 'Basic ' + btoa(clientId + ':' + clientSecret) },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: '${scope}' }),
  });
  const { access_token: token } = await (await requestToken()).json();
  const ask = () => fetch(mock.baseUrl + '/equipe/doctors', { headers: { Authorization: 'Bearer ' + token } });
  const reset = () => fetch(mock.url + '/_mock/reset', { method: 'POST' });
  mock.journal.follow({}, { entry: fail, end: fail });
  const statuses = [];
  for (const call of [requestToken, ask, ask, ask, reset, ask]) statuses.push((await call()).status);
  await mock.close();
  console.log(JSON.stringify(statuses));
`;

test('a callback that rejects does not end the process', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
  expect(JSON.parse(stdout)).toEqual([200, 200, 200, 200, 204, 200]);
}, 60_000);
