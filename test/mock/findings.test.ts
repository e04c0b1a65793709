import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Finding, Mock } from '../../src/mock/index.ts';
import { basic, bearerOf, bodyOf, keyOf, requestToken, tokenUrlOf } from '../support/http.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const scope = 'https://api.nextgen.arzamed.com/read';
const listDoctors = { operationId: 'listDoctors' };

let mock: Mock;
let now: number;
let told: Finding[];
beforeEach(async () => {
  now = Date.parse('2026-11-23T12:00:00Z');
  told = [];
  mock = await startUsualMock({ now: () => now, onFinding: (finding) => told.push(finding) });
});
afterEach(() => mock.close());

/** Calls with a token, after a pause on the machine's clock in seconds. */
async function ask(Authorization: string, { after = 0, path = '/equipe/doctors', headers = {} } = {}): Promise<number> {
  now += after * 1000;
  const response = await fetch(mock.baseUrl + path, { headers: { Authorization, ...headers } });
  await response.text();
  return response.status;
}

function found(): string[] {
  return mock.findings.list().map(({ id }) => id);
}

describe('a good integration', () => {
  test('has no findings', async () => {
    mock.faults.add({ ...listDoctors, status: 503, count: 3 });
    const first = await bearerOf(mock, 'bianchi', { scope });
    const statuses = [await ask(first)];
    for (const after of [1, 2, 5, 600, 600]) statuses.push(await ask(first, { after }));
    now += 3_300_000;
    statuses.push(await ask(await bearerOf(mock, 'bianchi', { scope })));
    expect(statuses).toEqual([503, 503, 503, 200, 200, 200, 200]);
    expect(mock.findings.conclude()).toEqual([]);
  });
});

describe('a token that is asked for while the last is valid', () => {
  test('is found, with both requests as evidence', async () => {
    await requestToken(mock, 'bianchi', { scope });
    now += 1000;
    await requestToken(mock, 'bianchi', { scope });
    expect(mock.findings.list()).toEqual([
      {
        id: 'token-not-cached',
        severity: 'warn',
        message: expect.stringContaining('while the last one'),
        remedy: expect.stringContaining('Keep the token'),
        source: expect.stringMatching(/^The vendor's Authentication page: .* \(RFC 6749 section 5\.1/),
        clientId: 'bianchi-backend',
        operationId: 'requestToken',
        times: 1,
        entries: [1, 2],
      },
    ]);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['the first was refused', async () => ask(await bearerOf(mock, 'bianchi', { scope }))],
    ['a key was changed', async () => mock.keys.issue({ clinic: 'bianchi' })],
    ['the clock was moved', async () => mock.clock.advance({ minutes: 1 })],
    ['more than half of its life has passed', async () => (now += 1_801_000)],
  ])('is right after %s', async (name, meanwhile) => {
    if (name === 'the first was refused') mock.faults.add({ ...listDoctors, status: 401 });
    else await requestToken(mock, 'bianchi', { scope });
    await meanwhile();
    await requestToken(mock, 'bianchi', { scope });
    expect(found()).toEqual([]);
  });

  test('is right for another key', async () => {
    await requestToken(mock, 'bianchi', { scope });
    await requestToken(mock, 'ricci', { scope });
    expect(found()).toEqual([]);
  });
});

describe('an expired token that is used', () => {
  test('is found', async () => {
    const token = await bearerOf(mock, 'bianchi', { scope });
    await ask(token, { after: 3601 });
    expect(mock.findings.list()).toMatchObject([{ id: 'expired-token-used', severity: 'warn', entries: [2] }]);
  });

  test("is only noted where the mock's clock was moved, which no client can foresee", async () => {
    const token = await bearerOf(mock, 'bianchi', { scope });
    mock.clock.advance({ hours: 1 });
    await ask(token);
    expect(mock.findings.list()).toMatchObject([{ id: 'expired-token-used', severity: 'info' }]);
  });

  test('is a warning if it is used again after the refusal', async () => {
    const token = await bearerOf(mock, 'bianchi', { scope });
    mock.clock.advance({ hours: 1 });
    await ask(token);
    await ask(token);
    expect(mock.findings.list()).toMatchObject([{ severity: 'warn', times: 2, entries: [2, 3] }]);
  });
});

describe('a 503', () => {
  let token: string;
  beforeEach(async () => {
    token = await bearerOf(mock, 'bianchi', { scope });
  });

  test('without a retry is found after a minute', async () => {
    mock.faults.add({ ...listDoctors, status: 503, count: 1 });
    await ask(token);
    expect(found()).toEqual([]);
    now += 61_000;
    expect(mock.findings.list()).toMatchObject([{ id: 'unavailable-not-retried', entries: [2] }]);
  });

  test('without a retry is found at once where no more requests will come', async () => {
    mock.faults.add({ ...listDoctors, status: 503, count: 1 });
    await ask(token);
    expect(mock.findings.conclude()).toMatchObject([{ id: 'unavailable-not-retried' }]);
  });

  test('that was retried, and in the end given up, is right', async () => {
    mock.faults.add({ ...listDoctors, status: 503 });
    for (const after of [0, 1, 2]) await ask(token, { after });
    now += 61_000;
    expect(mock.findings.conclude()).toEqual([]);
  });

  test('with retries at even pauses is found', async () => {
    mock.faults.add({ ...listDoctors, status: 503 });
    for (const after of [0, 1, 1, 1]) await ask(token, { after });
    expect(mock.findings.list()).toMatchObject([{ id: 'retried-without-backoff', entries: [2, 3, 4, 5] }]);
  });

  test('with a retry before Retry-After is found', async () => {
    mock.faults.add({ ...listDoctors, status: 503, headers: { 'Retry-After': '10' }, count: 1 });
    await ask(token);
    await ask(token, { after: 5 });
    expect(mock.findings.list()).toMatchObject([{ id: 'retried-without-backoff', entries: [2, 3] }]);
  });

  test('with retries at even pauses is right where Retry-After asks for them', async () => {
    mock.faults.add({ ...listDoctors, status: 503, headers: { 'Retry-After': '10' } });
    for (const after of [0, 10, 10, 10, 10]) await ask(token, { after });
    expect(found()).toEqual([]);
  });

  test('of several calls in one go is none either, though each was answered before the next came', async () => {
    mock.faults.add({ ...listDoctors, status: 503, headers: { 'Retry-After': '1' }, count: 5 });
    await Promise.all(Array.from({ length: 6 }, () => ask(token)));
    expect(found()).toEqual([]);
  });

  /** Calls one after the other, on one connection. */
  async function askAtOnce(times: number): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let attempt = 0; attempt < times; attempt += 1) {
      const url = `${mock.baseUrl}/equipe/doctors`;
      const [response] = await once(get(url, { agent, headers: { Authorization: token } }), 'response');
      await text(response);
    }
    agent.destroy();
  }

  test('with two retries without any pause is found', async () => {
    mock.faults.add({ ...listDoctors, status: 503 });
    await askAtOnce(3);
    expect(mock.findings.list()).toMatchObject([{ id: 'retried-without-backoff', times: 1, entries: [2, 3, 4] }]);
  });

  test('with a single retry without any pause is right: chance may have drawn it', async () => {
    mock.faults.add({ ...listDoctors, status: 503 });
    await askAtOnce(2);
    expect(mock.findings.list()).toEqual([]);
  });

  test('with retries without any pause is right where Retry-After says that none is needed', async () => {
    mock.faults.add({ ...listDoctors, status: 503, headers: { 'Retry-After': '0' } });
    await askAtOnce(4);
    expect(mock.findings.list()).toEqual([]);
  });

  test('with two retries at short pauses is right', async () => {
    mock.faults.add({ ...listDoctors, status: 503 });
    for (const after of [0, 0.006, 0.006]) await ask(token, { after });
    expect(found()).toEqual([]);
  });

  test('of several calls at the same time is no series of retries', async () => {
    // All wait for the last of them, so that they are under way at the same time.
    let waiting = 0;
    let go = (): void => {};
    const all = new Promise<void>((resolve) => (go = resolve));
    await using slow = await startUsualMock({
      sleep: async () => {
        waiting += 1;
        if (waiting === 6) go();
        await all;
      },
    });
    const authorization = await bearerOf(slow, 'bianchi', { scope });
    slow.faults.add({ ...listDoctors, status: 503, delay: { milliseconds: 1 } });
    const url = `${slow.baseUrl}/equipe/doctors`;
    await Promise.all(
      Array.from({ length: 6 }, async () => (await fetch(url, { headers: { Authorization: authorization } })).text()),
    );
    expect(slow.findings.list()).toEqual([]);
  });
});

describe('a 403', () => {
  test('that is tried again is found', async () => {
    const token = await bearerOf(mock, 'bianchi', { scope, status: 'revoked' });
    await ask(token);
    await ask(token, { after: 1 });
    expect(mock.findings.list()).toMatchObject([
      { id: 'retried-after-forbidden', clientId: 'bianchi-revoked', entries: [2, 3] },
    ]);
  });

  test('that is tried again after the key was restored is right', async () => {
    const token = await bearerOf(mock, 'bianchi', { scope, status: 'revoked' });
    await ask(token);
    mock.keys.restore('bianchi-revoked');
    expect(await ask(token)).toBe(200);
    expect(found()).toEqual([]);
  });
});

describe('credentials in a place where they do not belong are found', () => {
  test.each(['client_secret=x', 'access_token=x', 'q=not-a-secret-bianchi-backend'])(
    'in a query: %s',
    async (query) => {
      const token = await bearerOf(mock, 'bianchi', { scope });
      await ask(token, { path: `/equipe/doctors?${query}` });
      expect(mock.findings.list()).toMatchObject([{ id: 'credentials-in-query', severity: 'error', entries: [2] }]);
    },
  );

  test('in the form', async () => {
    const { clientId, clientSecret } = keyOf(mock, 'bianchi');
    const form = { grant_type: 'client_credentials', scope, client_id: clientId, client_secret: clientSecret };
    await fetch(tokenUrlOf(mock, 'bianchi'), { method: 'POST', body: new URLSearchParams(form) });
    expect(mock.findings.list()).toMatchObject([{ id: 'secret-in-form', clientId: 'bianchi-backend' }]);
  });

  test("in a browser's code", async () => {
    await fetch(tokenUrlOf(mock, 'bianchi'), {
      method: 'POST',
      headers: { Authorization: basic(keyOf(mock, 'bianchi')), Origin: 'http://localhost:3000' },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
    });
    expect(mock.findings.list()).toMatchObject([{ id: 'browser-origin', severity: 'error' }]);
  });
});

test('the id of a clinic in the path is found', async () => {
  expect(await ask(await bearerOf(mock, 'bianchi', { scope }), { path: '/equipe/4711/doctors' })).toBe(404);
  expect(mock.findings.list()).toMatchObject([{ id: 'clinic-in-path', severity: 'error', entries: [2] }]);
});

describe('findings', () => {
  test('are told once, and counted', async () => {
    for (let time = 0; time < 4; time += 1) await requestToken(mock, 'bianchi', { scope });
    expect(told).toMatchObject([{ id: 'token-not-cached', times: 1 }]);
    expect(mock.findings.list()).toMatchObject([{ times: 3, entries: [1, 2, 3, 4] }]);
  });

  test('are read by HTTP, the gravest first', async () => {
    await requestToken(mock, 'bianchi', { scope });
    await requestToken(mock, 'bianchi', { scope });
    await ask('', { path: '/equipe/doctors?access_token=x' });
    const { findings } = await bodyOf(await fetch(`${mock.url}/_mock/findings`));
    expect(findings).toMatchObject([{ id: 'credentials-in-query' }, { id: 'token-not-cached' }]);
  });

  test('are concluded by HTTP', async () => {
    mock.faults.add({ ...listDoctors, status: 503, count: 1 });
    await ask(await bearerOf(mock, 'bianchi', { scope }));
    const read = async (query: string): Promise<unknown> =>
      (await bodyOf(await fetch(`${mock.url}/_mock/findings${query}`)))['findings'];
    expect([await read(''), await read('?ended=true')]).toMatchObject([[], [{ id: 'unavailable-not-retried' }]]);
  });

  test('are forgotten with the journal that they rest on, and by a reset', async () => {
    for (const forget of [() => mock.journal.clear(), () => mock.reset()]) {
      await requestToken(mock, 'bianchi', { scope });
      await requestToken(mock, 'bianchi', { scope });
      expect(found()).toEqual(['token-not-cached']);
      forget();
      expect(found()).toEqual([]);
    }
  });
});

describe('a caller', () => {
  test('is another where its User-Agent is', async () => {
    const authorization = basic(keyOf(mock, 'bianchi'));
    for (const agent of ['a/1', 'b/1']) {
      const headers = { Authorization: authorization, 'User-Agent': agent };
      const body = new URLSearchParams({ grant_type: 'client_credentials', scope });
      expect((await fetch(tokenUrlOf(mock, 'bianchi'), { method: 'POST', headers, body })).status).toBe(200);
    }
    expect(found()).toEqual([]);
  });

  test('is not retrying where another program calls', async () => {
    const token = await bearerOf(mock, 'bianchi', { scope });
    mock.faults.add({ ...listDoctors, status: 503 });
    for (const [at, agent] of ['a', 'b', 'a', 'b', 'a', 'b'].entries()) {
      await ask(token, { after: 2 ** at, headers: { 'User-Agent': agent } });
    }
    expect(found()).toEqual([]);
  });
});

describe('retries without a pause', () => {
  const retry = async (milliseconds: readonly number[]): Promise<void> => {
    const token = await bearerOf(mock, 'bianchi', { scope });
    mock.faults.add({ ...listDoctors, status: 503 });
    for (const pause of [0, ...milliseconds]) await ask(token, { after: pause / 1000 });
  };

  test.each([[[30, 45, 21]], [[130, 60, 110, 20]], [[300, 60, 250, 20, 310]]])(
    'are found on a slow machine by their number: %j ms',
    async (pauses) => {
      await retry(pauses);
      expect(found()).toEqual(['retried-without-backoff']);
    },
  );

  test.each([[[10, 25, 60, 140]], [[300, 700, 250, 1500, 3000]]])('are none where they grow: %j ms', async (pauses) => {
    await retry(pauses);
    expect(found()).toEqual([]);
  });
});

describe('credentials after a redirect', () => {
  test('are found where they reach another host', async () => {
    const token = await bearerOf(mock, 'bianchi', { scope });
    const other = mock.baseUrl.replace('127.0.0.1', 'localhost');
    mock.faults.add({ ...listDoctors, status: 302, headers: { Location: `${other}/login` }, count: 1 });
    await fetch(`${mock.baseUrl}/equipe/doctors`, { headers: { Authorization: token }, redirect: 'manual' });
    await fetch(`${other}/login`);
    expect(found()).toEqual([]);
    await fetch(`${other}/login`, { headers: { Authorization: token } });
    expect(mock.findings.list()).toMatchObject([
      { id: 'credentials-after-redirect', severity: 'error', entries: [2, 4] },
    ]);
  });

  test('are only noted on the same host', async () => {
    const token = await bearerOf(mock, 'bianchi', { scope });
    mock.faults.add({ ...listDoctors, status: 302, headers: { Location: '/elsewhere' }, count: 1 });
    await ask(token);
    expect(mock.findings.list()).toMatchObject([{ id: 'credentials-after-redirect', severity: 'info' }]);
  });
});

describe('a token request that another endpoint would refuse or overlook', () => {
  const request = async (authorization: string, form: Record<string, string>): Promise<number> => {
    const body = new URLSearchParams({ grant_type: 'client_credentials', scope, ...form });
    const headers = { Authorization: authorization };
    return (await fetch(tokenUrlOf(mock, 'bianchi'), { method: 'POST', headers, body })).status;
  };

  test('authenticates one client and names another', async () => {
    const key = keyOf(mock, 'bianchi');
    expect(await request(basic(key), { client_id: 'someone-else' })).toBe(200);
    expect(mock.findings.list()).toMatchObject([{ id: 'mixed-up-credentials', severity: 'error' }]);
  });

  test('names the same client twice, which is fine', async () => {
    const key = keyOf(mock, 'bianchi');
    expect(await request(basic(key), { client_id: key.clientId, audience: 'a' })).toBe(200);
    expect(found()).toEqual([]);
  });

  test('misspells a parameter', async () => {
    expect(await request(basic(keyOf(mock, 'bianchi')), { scope: '', scopes: scope })).toBe(400);
    expect(found()).toEqual(['misspelt-parameter']);
  });

  test.each(['a+b', 'a%2Fb'])('has %s as it is in HTTP Basic', async (clientSecret) => {
    const { clientId } = mock.keys.issue({ clinic: 'bianchi', clientId: 'odd', clientSecret });
    expect(await request(basic({ clientId, clientSecret: encodeURIComponent(clientSecret) }), {})).toBe(200);
    expect(found()).toEqual([]);
    mock.reset();
    mock.keys.issue({ clinic: 'bianchi', clientId: 'odd', clientSecret });
    expect(await request(basic({ clientId, clientSecret }), {})).toBe(200);
    expect(found()).toEqual(['basic-not-encoded']);
  });
});
