// What the fuzz run found, each by itself.
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { basic, bearerOf, bodyOf, keyOf, tokenUrlOf } from '../support/http.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const scope = 'https://api.nextgen.arzamed.com/read';

let mock: Mock;
beforeEach(async () => {
  mock = await startUsualMock();
});
afterEach(() => mock.close());

async function ask(headers: Record<string, string>): Promise<Response> {
  const Authorization = await bearerOf(mock, 'nuovo', { scope });
  return fetch(`${mock.baseUrl}/equipe/doctors`, { headers: { Authorization, ...headers } });
}

async function control(method: string, path: string, body: string): Promise<[number, unknown]> {
  const response = await fetch(`${mock.url}/_mock${path}`, { method, body });
  return [response.status, await response.json()];
}

describe('a call', () => {
  test('with an Accept that nobody can parse is answered as one without', async () => {
    const response = await ask({ Accept: ';;;' });
    expect([response.status, await response.json()]).toEqual([200, []]);
  });

  test('with an Accept that allows nothing is refused', async () => {
    expect((await ask({ Accept: '*/*;q=0' })).status).toBe(406);
  });

  test('with a media type that nobody can parse is refused', async () => {
    const response = await ask({ 'Content-Type': 'a b c' });
    expect([response.status, (await bodyOf(response))['message']]).toEqual([
      400,
      expect.stringContaining('Content-Type'),
    ]);
  });
});

test('a token request with a broken escape in its form is refused, with its violation in the journal', async () => {
  const response = await fetch(tokenUrlOf(mock, 'nuovo'), {
    method: 'POST',
    headers: { Authorization: basic(keyOf(mock, 'nuovo')), 'Content-Type': 'application/x-www-form-urlencoded' },
    body: '%zz=1',
  });
  expect([response.status, await bodyOf(response)]).toMatchObject([400, { error: 'invalid_request' }]);
  expect(mock.journal.find().at(-1)?.violations).toEqual(['body: does not match the Content-Type']);
});

describe('the control API refuses', () => {
  test.each(['Trailer', 'transfer-encoding', 'Content-Length', 'Connection'])(
    'a fault with the header %s, which would leave clients waiting',
    async (name) => {
      const [status, body] = await control('POST', '/faults', JSON.stringify({ headers: { [name]: 'x' } }));
      expect([status, body]).toEqual([400, { message: expect.stringContaining('use delivery') }]);
    },
  );

  test('an answer that holds itself', () => {
    const body: unknown[] = [];
    body.push(body);
    expect(() => mock.answers.replace('nuovo', 'listDoctors', body, { unchecked: true })).toThrow('written as JSON');
    expect(() => mock.faults.add({ body })).toThrow('written as JSON');
  });

  test('JSON that is nested too deeply', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const [status, body] = await control('POST', '/faults', `{ "status": 503, "body": ${deep} }`);
    expect([status, body]).toEqual([400, { message: expect.stringContaining('nested too deeply') }]);
  });

  test.each([
    ['an instant that there was not', 'PUT', '/clock', '{ "now": "2026-02-30T00:00:00Z" }'],
    ['an instant after the year 9999', 'PUT', '/clock', '{ "now": "9999-12-31T23:59:59-23:00" }'],
    ['an instant before 1970', 'PUT', '/clock', '{ "now": "1969-12-31T23:59:59Z" }'],
    ['to advance beyond the year 9999', 'POST', '/clock/advance', '{ "days": 1000000000000 }'],
    ['a key that ends at no instant', 'POST', '/keys', '{ "clinic": "nuovo", "expiresAt": "2026-02-30T00:00:00Z" }'],
  ])('%s', async (_name, method, path, body) => {
    const [status] = await control(method, path, body);
    expect(status).toBe(400);
    expect(Math.abs(mock.clock.now() - Date.now())).toBeLessThan(60_000);
  });
});

test('a request for two hosts does not reach the control API', async () => {
  const { hostname, port, host } = new URL(mock.url);
  const socket = connect(Number(port), hostname);
  socket.write(`GET /_mock/health HTTP/1.1\r\nHost: ${host}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`);
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 40[03] /);
});

test.each(['/nowhere', '/api/v1/equipe/doctors', '/_mock/nowhere'])(
  'a body that %s does not read comes to its end, on a connection that closes as well',
  async (path) => {
    const size = 10_000_000;
    const { hostname, port } = new URL(mock.url);
    const socket = connect(Number(port), hostname);
    socket.write(`POST ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${size}\r\n\r\n`);
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 40[345] /);
    socket.write(Buffer.alloc(size));
    expect(await once(socket.resume(), 'close')).toEqual([false]);
    expect(socket.bytesWritten).toBeGreaterThan(size);
  },
);

test('requests in one go are answered in their order, also if one that follows is malformed', async () => {
  const { hostname, port, host } = new URL(mock.url);
  const socket = connect(Number(port), hostname);
  const good = `GET /api/v1/equipe/doctors HTTP/1.1\r\nHost: ${host}\r\nAuthorization: ${await bearerOf(mock, 'nuovo', { scope })}\r\n\r\n`;
  socket.write(`${good}${good}GET /a b HTTP/1.1\r\n\r\n`);
  const statuses = [...(await text(socket)).matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
  expect(statuses).toEqual(['200', '200', '400']);
});
