import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createClient } from '../../src/client/index.ts';
import type { Fault, Mock } from '../../src/mock/index.ts';
import { bearerOf, bodyOf, keyOf, requestToken, tokenUrlOf } from '../support/http.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const scope = 'https://api.nextgen.arzamed.com/read';
const listDoctors = { operationId: 'listDoctors' };

let mock: Mock;
let slept: number[];
let authorization: string;
beforeEach(async () => {
  slept = [];
  mock = await startUsualMock({
    sleep: async (milliseconds) => {
      slept.push(milliseconds);
    },
  });
  authorization = await bearerOf(mock, 'bianchi', { scope });
});
afterEach(() => mock.close());

function ask(token = authorization): Promise<Response> {
  return fetch(`${mock.baseUrl}/equipe/doctors`, { headers: { Authorization: token }, redirect: 'manual' });
}

async function statuses(requests: number): Promise<number[]> {
  const seen: number[] = [];
  for (let request = 0; request < requests; request += 1) seen.push((await ask()).status);
  return seen;
}

async function send(method: string, path: string, body?: unknown): Promise<[status: number, body: unknown]> {
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(`${mock.url}/_mock${path}`, { method, ...init });
  const answer = await response.text();
  return [response.status, answer === '' ? undefined : JSON.parse(answer)];
}

describe('a fault strikes', () => {
  test('the next two requests, and then no more', async () => {
    mock.faults.add({ ...listDoctors, status: 503, count: 2 });
    expect(await statuses(4)).toEqual([503, 503, 200, 200]);
  });

  test('one operation, while the token endpoint goes on', async () => {
    mock.faults.add({ ...listDoctors, status: 503 });
    expect((await requestToken(mock, 'bianchi', { scope })).status).toBe(200);
  });

  test('the token endpoint, while the API goes on', async () => {
    mock.faults.add({ operationId: 'requestToken', status: 503 });
    expect((await requestToken(mock, 'bianchi', { scope })).status).toBe(503);
    expect((await ask()).status).toBe(200);
  });

  test('one clinic, while another goes on, at both endpoints', async () => {
    const ricci = await bearerOf(mock, 'ricci', { scope });
    mock.faults.add({ clinic: 'ricci', status: 503 });
    expect([(await ask()).status, (await ask(ricci)).status]).toEqual([200, 503]);
    expect((await requestToken(mock, 'bianchi', { scope })).status).toBe(200);
    expect((await requestToken(mock, 'ricci', { scope })).status).toBe(503);
  });

  test('for some time on the clock of the mock', async () => {
    mock.faults.add({ ...listDoctors, status: 503, seconds: 60 });
    expect((await ask()).status).toBe(503);
    mock.clock.advance({ minutes: 1 });
    expect((await ask()).status).toBe(200);
  });

  test('a share of the requests, the same ones for the same seed', async () => {
    const run = async (seed: number): Promise<string> => {
      await using seeded = await startUsualMock({ seed });
      const token = await bearerOf(seeded, 'nuovo', { scope });
      seeded.faults.add({ ...listDoctors, status: 503, probability: 0.5 });
      const seen: number[] = [];
      for (let request = 0; request < 40; request += 1) {
        const url = `${seeded.baseUrl}/equipe/doctors`;
        seen.push((await fetch(url, { headers: { Authorization: token } })).status);
      }
      return seen.join();
    };
    const [first, again, other] = [await run(7), await run(7), await run(8)];
    expect(first).toBe(again);
    expect(first).not.toBe(other);
    const struck = first.split(',').filter((status) => status === '503').length;
    expect(struck).toBeGreaterThan(8);
    expect(struck).toBeLessThan(32);
  });
});

describe('an answer can', () => {
  test('have a documented status, with its body and headers beside', async () => {
    mock.faults.add({ status: 503, headers: { 'Retry-After': '7' } });
    const response = await ask();
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('7');
    expect(await bodyOf(response)).toEqual({ message: 'The service is temporarily unavailable.' });
  });

  test('have a status that the specification does not document', async () => {
    mock.faults.add({ status: 429, headers: { 'Retry-After': '1' } });
    const response = await ask();
    expect([response.status, await bodyOf(response)]).toEqual([
      429,
      { message: 'The mock was told to answer with 429.' },
    ]);
  });

  test('lead to a login page', async () => {
    const page = { headers: { Location: 'https://login.invalid/' }, body: '<html>', contentType: 'text/html' };
    mock.faults.add({ status: 302, ...page });
    const response = await ask();
    expect([response.status, response.headers.get('location'), await response.text()]).toEqual([
      302,
      'https://login.invalid/',
      '<html>',
    ]);
    expect(response.headers.get('content-type')).toBe('text/html');
  });

  test('be late by a fixed time', async () => {
    mock.faults.add({ delay: { milliseconds: 250 } });
    expect((await ask()).status).toBe(200);
    expect(slept).toEqual([250]);
  });

  test('be late by an evenly spread time', async () => {
    mock.faults.add({ delay: { from: 100, to: 200 } });
    await statuses(50);
    expect(Math.min(...slept)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...slept)).toBeLessThan(200);
    expect(Math.max(...slept) - Math.min(...slept)).toBeGreaterThan(50);
  });

  test('be late by a log-normal time', async () => {
    mock.faults.add({ delay: { median: 100, sigma: 1 } });
    await statuses(200);
    const sorted = slept.toSorted((a, b) => a - b);
    expect(sorted[100]).toBeGreaterThan(60);
    expect(sorted[100]).toBeLessThan(160);
    expect(sorted.at(-1)).toBeGreaterThan(500);
  });

  test('come slowly, byte by byte, and whole', async () => {
    mock.faults.add({ delivery: 'slow' });
    const body = await (await ask()).text();
    expect(JSON.parse(body)).toHaveLength(3);
    expect(slept).toHaveLength(Buffer.byteLength(body));
    expect(new Set(slept)).toEqual(new Set([50]));
  });

  test('come slowly, but in no more than half a minute, however long it is', async () => {
    mock.faults.add({ ...listDoctors, delivery: 'slow' });
    const token = await bearerOf(mock, 'san-giorgio', { scope });
    expect(JSON.parse(await (await ask(token)).text())).toHaveLength(64);
    const total = slept.reduce((sum, each) => sum + each, 0);
    expect(total).toBeGreaterThan(25_000);
    expect(total).toBeLessThanOrEqual(30_000);
  });

  test.each(['reset', 'close'] as const)('not come at all: %s', async (delivery) => {
    mock.faults.add({ delivery, count: 1 });
    await expect(ask()).rejects.toThrow('fetch failed');
    expect((await ask()).status).toBe(200);
  });

  test('break off in the middle', async () => {
    mock.faults.add({ delivery: 'truncate', count: 1 });
    const response = await ask();
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
  });

  test('be random bytes and then end', async () => {
    mock.faults.add({ delivery: 'garbage', count: 1 });
    const response = await ask();
    await expect(response.text()).rejects.toThrow('terminated');
  });

  test('say another media type than it has', async () => {
    mock.faults.add({ contentType: 'text/html' });
    const response = await ask();
    expect(response.headers.get('content-type')).toBe('text/html');
    expect(await response.json()).toHaveLength(3);
  });

  test('promise a token of another life than it has', async () => {
    mock.faults.add({ operationId: 'requestToken', expiresIn: 5 });
    expect(await bodyOf(await requestToken(mock, 'bianchi', { scope }))).toMatchObject({
      access_token: expect.any(String),
      expires_in: 5,
    });
  });
});

describe('faults', () => {
  test('are set, listed with what is left of them, and cleared, by HTTP', async () => {
    expect(await send('POST', '/faults', { ...listDoctors, status: 503, count: 2 })).toEqual([
      201,
      { id: 'fault-1', operationId: 'listDoctors', status: 503, count: 2 },
    ]);
    await send('POST', '/faults', { clinic: 'ricci', delivery: 'reset' });
    await ask();
    expect(await send('GET', '/faults')).toEqual([
      200,
      [
        { id: 'fault-1', operationId: 'listDoctors', status: 503, count: 1 },
        { id: 'fault-2', clinic: 'ricci', delivery: 'reset' },
      ],
    ]);
    expect(await send('DELETE', '/faults/fault-1')).toEqual([204, undefined]);
    expect(mock.faults.list()).toHaveLength(1);
    expect(await send('DELETE', '/faults')).toEqual([204, undefined]);
    expect(mock.faults.list()).toEqual([]);
  });

  test.each([
    ['an unknown operation', { operationId: 'listRooms', status: 503 }, 404, 'There is no operation listRooms'],
    ['an unknown clinic', { clinic: 'rossi', status: 503 }, 404, 'There is no clinic rossi, only bianchi, nuovo'],
    ['an unknown field', { statuscode: 503 }, 400, 'invalid at $.statuscode: expected no such property'],
    ['a status that is none', { status: 99 }, 400, 'invalid at $.status'],
    ['a header that would break the answer', { headers: { 'X-A': 'a\r\nX-B: b' } }, 400, 'invalid at $.headers'],
    ['an unknown delivery', { delivery: 'pigeon' }, 400, 'invalid at $.delivery'],
  ])('are refused where they name %s', async (_name, fault, status, message) => {
    expect(await send('POST', '/faults', fault)).toEqual([status, { message: expect.stringContaining(message) }]);
  });

  test('that do not exist cannot be cleared', async () => {
    expect(await send('DELETE', '/faults/fault-9')).toEqual([
      404,
      { message: 'There is no fault fault-9: there are none.' },
    ]);
  });
});

const told: [name: string, fault: Fault, code: string][] = [
  ['503', { status: 503 }, 'unavailable'],
  ['a reset connection', { delivery: 'reset' }, 'connection_failed'],
  ['a login page', { status: 302, headers: { Location: 'https://login.invalid/' } }, 'unexpected_response'],
  ['HTML', { body: '<html>', contentType: 'text/html' }, 'unexpected_response'],
  ['a truncated body', { delivery: 'truncate' }, 'connection_failed'],
];

describe('the client tells', () => {
  test.each(told)('%s by its code', async (_name, fault, code) => {
    mock.faults.add({ ...listDoctors, ...fault });
    const options = { tokenUrl: tokenUrlOf(mock, 'bianchi'), ...keyOf(mock, 'bianchi'), baseUrl: mock.baseUrl };
    const sleep = (): Promise<void> => Promise.resolve();
    await expect(createClient({ ...options, sleep }).listDoctors()).rejects.toMatchObject({ code });
  });
});
