// What the journal says of requests that are odd: broken off, wrong by the specification, with secrets in odd places.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { JournalEntry, Mock } from '../../src/mock/index.ts';
import { basic, bearerOf, keyOf, requestToken, tokenUrlOf } from '../support/http.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const scope = 'https://api.nextgen.arzamed.com/read';

let mock: Mock;
beforeEach(async () => {
  mock = await startUsualMock({ sleep: async () => {} });
});
afterEach(() => mock.close());

async function ask(path = '/equipe/doctors', headers: Record<string, string> = {}): Promise<void> {
  const Authorization = await bearerOf(mock, 'bianchi', { scope });
  const response = fetch(mock.baseUrl + path, { headers: { Authorization, ...headers } });
  // Faults break it off, before the answer or within.
  await response.then(async (answer) => answer.text()).catch(() => {});
}

function last(): JournalEntry | undefined {
  return mock.journal.find().at(-1);
}

describe('a connection that a fault breaks', () => {
  test.each(['reset', 'close'] as const)('before the answer has no status: %s', async (delivery) => {
    mock.faults.add({ operationId: 'listDoctors', delivery });
    await ask();
    expect(last()).toMatchObject({ operationId: 'listDoctors', status: undefined, broken: true, fault: 'fault-1' });
  });

  test.each(['truncate', 'garbage'] as const)(
    'within the answer has its status, and is broken: %s',
    async (delivery) => {
      mock.faults.add({ operationId: 'listDoctors', delivery });
      await ask();
      expect(last()).toMatchObject({ status: 200, broken: true });
    },
  );

  test('is none where the answer only trickles', async () => {
    mock.faults.add({ operationId: 'listDoctors', delivery: 'slow' });
    await ask();
    expect(last()).toMatchObject({ status: 200, broken: undefined });
  });
});

describe('a call that a fault answers', () => {
  test('is told to be that of the key and the clinic that it says', async () => {
    mock.faults.add({ operationId: 'listDoctors', status: 503, headers: { 'Retry-After': '7' } });
    await ask();
    expect(last()).toMatchObject({ clientId: 'bianchi-backend', clinic: 'bianchi', status: 503, retryAfter: 7 });
  });

  test('names no token where another body has taken its place', async () => {
    mock.faults.add({ operationId: 'requestToken', body: { error: 'canary' } });
    await requestToken(mock, 'ricci', { scope });
    expect(last()).toMatchObject({ clientId: 'ricci-backend', status: 200, fault: 'fault-1', tokenId: undefined });
  });

  test('is told so for token requests as well', async () => {
    mock.faults.add({ operationId: 'requestToken', status: 503 });
    await requestToken(mock, 'ricci', { scope });
    expect(last()).toMatchObject({ clientId: 'ricci-backend', clinic: 'ricci', status: 503 });
  });
});

describe('violations of the specification', () => {
  async function askToken(form: Record<string, string>): Promise<void> {
    await fetch(tokenUrlOf(mock, 'bianchi'), {
      method: 'POST',
      headers: { Authorization: basic(keyOf(mock, 'bianchi')) },
      body: new URLSearchParams(form),
    });
  }

  test('are none for a request as it should be', async () => {
    await ask();
    expect(mock.journal.find().map(({ violations }) => violations)).toEqual([undefined, undefined]);
  });

  test('name what is missing, and what is wrong', async () => {
    await askToken({ grant_type: 'password' });
    const told = last()?.violations?.join('\n');
    expect(told).toContain("required property 'scope'");
    expect(told).toContain('body.grant_type');
  });

  test('are told of a body that is not what it says', async () => {
    const Authorization = await bearerOf(mock, 'bianchi', { scope });
    const headers = { Authorization, 'Content-Type': 'application/json' };
    await fetch(tokenUrlOf(mock, 'bianchi'), { method: 'POST', headers, body: '{' });
    expect(last()?.violations).toEqual(['body: does not match the Content-Type']);
  });
});

describe('a secret in an odd place is left out', () => {
  const secret = 'not-a-secret-bianchi-backend';

  test.each([
    ['in the path', () => `/${secret}`, '/api/v1/[secret]'],
    ['in a part of the path', () => `/login/${secret}.json`, '/api/v1/login/[secret].json'],
    ['in the path, with the id in base64', () => `/${btoa(`bianchi-backend:${secret}`)}`, '/api/v1/[secret]'],
  ])('%s', async (_name, path, shown) => {
    await ask(path());
    expect(last()?.path).toBe(shown);
  });

  test('and neither does the answer repeat it', async () => {
    const response = await fetch(`${mock.baseUrl}/${secret}`);
    expect([response.status, await response.text()]).toEqual([404, expect.not.stringContaining(secret)]);
  });

  test('in the origin', async () => {
    await ask('/equipe/doctors', { Origin: `https://${secret}.example` });
    expect(last()?.origin).toBe('https://[secret].example');
  });

  test('in the query: only the name of the parameter is told', async () => {
    await ask(`/equipe/doctors?client_secret=${secret}&odd=${secret}&page=2`);
    expect(last()?.credentialsInQuery).toEqual(['client_secret', 'odd']);
    expect(JSON.stringify(last())).not.toContain(secret);
  });
});

describe('secrets of a letter, or that hold each other', () => {
  /** Gives a clinic keys with these secrets. */
  function issue(secrets: readonly string[]): void {
    for (const clientSecret of secrets) mock.keys.issue({ clinic: 'nuovo', clientSecret });
  }

  test('make a path no longer than each letter of it makes one', async () => {
    issue(Array.from({ length: 8 }, () => 'e'));
    await ask('/things/here');
    expect(last()?.path).toBe('/api/v1/things/h[secret]r[secret]');
  });

  test('are left out one by one, and not out of what stands in their place', async () => {
    issue(['s', 'e', 'c', 'r', 't', '[', ']', 'k']);
    await ask('/lists/of/users');
    const secret = '[secret]';
    expect(last()?.path).toBe(`/api/v1/li${secret}${secret}${secret}/of/u${secret}${secret}${secret}${secret}`);
  });

  test('leave a token as one that is left out', async () => {
    issue(['e', 'o']);
    await ask('/eyJhbGciOiJub25lIn0.e30.c2ln');
    expect(last()?.path).toBe('/api/v1/[token]');
  });

  test.each([
    ['the shorter first', ['abc', 'abc-def', 'def']],
    ['the longer first', ['abc-def', 'def', 'abc']],
  ])('are left out whole, the longest first: %s', async (_order, secrets) => {
    issue(secrets);
    await ask('/x/abc-def/abc/def-abc');
    expect(last()?.path).toBe('/api/v1/x/[secret]/[secret]/[secret]-[secret]');
  });

  test('are left out of an origin in the same way', async () => {
    issue(Array.from({ length: 8 }, () => 'e'));
    await ask('/equipe/doctors', { Origin: 'https://here' });
    expect(last()?.origin).toBe('https://h[secret]r[secret]');
  });

  test('do not make the answer longer either', async () => {
    issue(Array.from({ length: 8 }, () => 'e'));
    const { length } = await (await fetch(`${mock.baseUrl}/things/here`)).text();
    expect(length).toBeLessThan(2000);
  });
});
