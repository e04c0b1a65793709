import { request as httpRequest } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { bearerOf, bodyOf, requestToken } from '../support/http.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const scope = 'https://api.nextgen.arzamed.com/read';
const noon = Date.parse('2026-11-23T12:00:00Z');

let mock: Mock;
beforeEach(async () => {
  mock = await startUsualMock({ now: () => noon });
});
afterEach(() => mock.close());

async function send(method: string, path: string, body?: unknown): Promise<[status: number, body: unknown]> {
  const response = await fetch(`${mock.url}/_mock${path}`, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const answer = await response.text();
  return [response.status, answer === '' ? undefined : JSON.parse(answer)];
}

async function listDoctors(authorization: string): Promise<[status: number, body: unknown]> {
  const response = await fetch(`${mock.baseUrl}/equipe/doctors`, { headers: { Authorization: authorization } });
  return [response.status, await response.json()];
}

describe('the clock', () => {
  test('is read, set, advanced and reset', async () => {
    expect(await send('GET', '/clock')).toEqual([200, { now: '2026-11-23T12:00:00.000Z' }]);
    expect(await send('PUT', '/clock', { now: '2027-01-01T00:00:00Z' })).toEqual([
      200,
      { now: '2027-01-01T00:00:00.000Z' },
    ]);
    expect(
      await send('POST', '/clock/advance', { days: 1, hours: 2, minutes: 3, seconds: 4, milliseconds: 5 }),
    ).toEqual([200, { now: '2027-01-02T02:03:04.005Z' }]);
    expect(await send('POST', '/clock/advance', { hours: -2 })).toEqual([200, { now: '2027-01-02T00:03:04.005Z' }]);
    expect(await send('DELETE', '/clock')).toEqual([200, { now: '2026-11-23T12:00:00.000Z' }]);
  });

  test('makes tokens expire', async () => {
    const authorization = await bearerOf(mock, 'bianchi', { scope });
    mock.clock.advance({ minutes: 59, seconds: 59 });
    expect((await listDoctors(authorization))[0]).toBe(200);
    mock.clock.advance({ seconds: 1 });
    expect(await listDoctors(authorization)).toEqual([401, { message: 'The bearer token has expired.' }]);
  });

  test('set back makes a token one that is not yet issued, which does no harm', async () => {
    const authorization = await bearerOf(mock, 'bianchi', { scope });
    mock.clock.advance({ minutes: -5 });
    expect((await listDoctors(authorization))[0]).toBe(200);
  });
});

describe('keys', () => {
  test('a token outlives its key: 403 after revocation, 200 after restoration', async () => {
    const authorization = await bearerOf(mock, 'ricci', { scope });
    expect(await send('POST', '/keys/ricci-backend/revoke')).toEqual([
      200,
      { clientId: 'ricci-backend', clientSecret: 'not-a-secret-ricci-backend', status: 'revoked' },
    ]);
    expect(await listDoctors(authorization)).toEqual([403, { message: 'The API key was revoked.' }]);
    expect((await send('POST', '/keys/ricci-backend/expire'))[1]).toMatchObject({ status: 'expired' });
    expect(await listDoctors(authorization)).toEqual([403, { message: 'The API key has expired.' }]);
    expect((await send('POST', '/keys/ricci-backend/restore'))[1]).toMatchObject({ status: 'active' });
    expect((await listDoctors(authorization))[0]).toBe(200);
  });

  test('one key can be revoked while another of the clinic goes on', async () => {
    const first = mock.keys.issue({ clinic: 'nuovo' });
    mock.keys.revoke('nuovo-backend');
    expect(first.status).toBe('active');
    expect(mock.keys.list('nuovo').map(({ status }) => status)).toEqual(['revoked', 'active']);
    expect((await requestToken(mock, 'nuovo', { scope })).status).toBe(200);
  });

  test('a new key has what it was given, and the rest is made up', async () => {
    const [status, key] = await send('POST', '/keys', {
      clinic: 'nuovo',
      clientId: 'mine',
      expiresAt: '2026-11-23T13:00:00Z',
    });
    expect([status, key]).toEqual([
      201,
      { clientId: 'mine', clientSecret: expect.stringMatching(/^not-a-secret-/), status: 'active' },
    ]);
    mock.clock.advance({ hours: 1 });
    expect(mock.keys.list('nuovo')[1]).toMatchObject({ clientId: 'mine', status: 'expired' });
  });

  test('are listed with their clinic and its token URL, as they are now', async () => {
    mock.keys.revoke('nuovo-backend');
    const [, credentials] = await send('GET', '/credentials');
    expect(credentials).toEqual(mock.clinics);
    expect(credentials).toContainEqual({
      clinic: 'nuovo',
      tokenUrl: `${mock.url}/auth/nuovo/oauth2/token`,
      keys: [{ clientId: 'nuovo-backend', clientSecret: 'not-a-secret-nuovo-backend', status: 'revoked' }],
    });
  });

  test.each([
    ['of a clinic that does not exist', { clinic: 'rossi' }, 404, 'There is no clinic rossi, only bianchi'],
    ['whose id is taken', { clinic: 'nuovo', clientId: 'ricci-backend' }, 409, 'There is a key ricci-backend already.'],
  ])('cannot be issued: one %s', async (_name, key, status, message) => {
    expect(await send('POST', '/keys', key)).toEqual([status, { message: expect.stringContaining(message) }]);
  });

  test('that do not exist cannot be revoked, by HTTP and in the process alike', async () => {
    expect(await send('POST', '/keys/no%2Fbody/revoke')).toEqual([
      404,
      { message: expect.stringContaining('There is no key no/body, only bianchi-backend') },
    ]);
    expect(() => mock.keys.revoke('nobody')).toThrow(expect.objectContaining({ code: 'not_found' }));
  });
});

function kidOf(rotated: unknown): unknown {
  return typeof rotated === 'object' && rotated !== null && 'kid' in rotated ? rotated.kid : undefined;
}

describe('signing keys', () => {
  test('are rotated: new tokens have a new key, old ones stay good until the last has expired', async () => {
    const before = await bearerOf(mock, 'bianchi', { scope });
    mock.clock.advance({ minutes: 30 });
    const [status, rotated] = await send('POST', '/signing-keys/rotate');
    expect([status, rotated]).toEqual([200, { kid: expect.any(String) }]);
    const after = await bearerOf(mock, 'bianchi', { scope });
    expect([(await listDoctors(before))[0], (await listDoctors(after))[0]]).toEqual([200, 200]);
    const jwks = `${mock.url}/auth/bianchi/.well-known/jwks.json`;
    expect((await bodyOf(await fetch(jwks)))['keys']).toHaveLength(2);
    mock.clock.advance({ hours: 1 });
    expect((await bodyOf(await fetch(jwks)))['keys']).toEqual([expect.objectContaining({ kid: kidOf(rotated) })]);
  });
});

describe('answers', () => {
  const doctor = { name: 'Dott.ssa Elena Rossi', profileImage: null };

  test('are replaced for one clinic, and restored', async () => {
    const [ricci, nuovo] = [await bearerOf(mock, 'ricci', { scope }), await bearerOf(mock, 'nuovo', { scope })];
    expect(await send('PUT', '/clinics/nuovo/answers/listDoctors', { body: [doctor] })).toEqual([204, undefined]);
    expect(await listDoctors(nuovo)).toEqual([200, [doctor]]);
    expect((await listDoctors(ricci))[1]).toHaveLength(3);
    expect(await send('DELETE', '/clinics/nuovo/answers/listDoctors')).toEqual([204, undefined]);
    expect(await listDoctors(nuovo)).toEqual([200, []]);
  });

  test('that violate the specification are refused, unless they are wrong on purpose', async () => {
    const authorization = await bearerOf(mock, 'nuovo', { scope });
    const wrong = [{ name: 7, profileImage: null }];
    expect(await send('PUT', '/clinics/nuovo/answers/listDoctors', { body: wrong })).toEqual([
      422,
      { message: 'The answer violates the specification at $[0].name: expected string, found 7.' },
    ]);
    expect(await listDoctors(authorization)).toEqual([200, []]);
    mock.answers.replace('nuovo', 'listDoctors', wrong, { unchecked: true });
    expect(await listDoctors(authorization)).toEqual([200, wrong]);
  });

  test('get unknown fields wherever the specification allows them', async () => {
    mock.answers.replace('nuovo', 'listDoctors', [doctor], { additive: true });
    const [, body] = await listDoctors(await bearerOf(mock, 'nuovo', { scope }));
    expect(body).toEqual([{ ...doctor, fieldAddedByTheMock: expect.any(String) }]);
  });

  test.each([
    ['a clinic', '/clinics/rossi/answers/listDoctors', 'There is no clinic rossi, only bianchi'],
    [
      'an operation',
      '/clinics/nuovo/answers/listRooms',
      'There is no operation listRooms that answers with a body, only listDoctors.',
    ],
    ['an operation that answers', '/clinics/nuovo/answers/requestToken', 'There is no operation requestToken'],
  ])('need %s that exists', async (_name, path, message) => {
    expect(await send('PUT', path, { body: [] })).toEqual([404, { message: expect.stringContaining(message) }]);
    expect(await send('DELETE', path)).toEqual([404, { message: expect.stringContaining(message) }]);
  });
});

describe('reset', () => {
  test('makes clock, keys and answers as they were at the start, and leaves tokens good', async () => {
    const authorization = await bearerOf(mock, 'nuovo', { scope });
    mock.clock.advance({ hours: 2 });
    mock.keys.revoke('nuovo-backend');
    mock.answers.replace('nuovo', 'listDoctors', [{ name: 'A', profileImage: null }]);
    expect(await send('POST', '/reset')).toEqual([204, undefined]);
    expect(mock.clock.now()).toBe(noon);
    expect(await listDoctors(authorization)).toEqual([200, []]);
  });
});

describe('a control request that is wrong', () => {
  test.each([
    ['no JSON', 'PUT', '/clock', '{', 'The body of the request is not JSON, or is nested too deeply.'],
    ['no date', 'PUT', '/clock', { now: 'noon' }, 'invalid at $.now: expected a string of format date-time'],
    ['no duration', 'POST', '/clock/advance', {}, 'invalid at $'],
    ['an unknown unit', 'POST', '/clock/advance', { weeks: 1 }, 'invalid at $.weeks: expected no such property'],
    ['a mistyped field', 'POST', '/faults', { stauts: 503 }, 'found one. Did you mean status?'],
    ['no clinic', 'POST', '/keys', {}, 'invalid at $.clinic: expected to be present'],
  ])('is answered with 400 and the place: %s', async (_name, method, path, body, message) => {
    expect(await send(method, path, body)).toEqual([400, { message: expect.stringContaining(message) }]);
  });

  test('is answered with 404 or 405 where there is nothing of that name', async () => {
    expect((await send('GET', '/nothing'))[0]).toBe(404);
    expect(await send('GET', '/reset')).toEqual([405, { message: '/_mock/reset takes only POST.' }]);
  });

  test('is answered with 413 where it is too large', async () => {
    expect((await send('PUT', '/clock', 'x'.repeat(1024 * 1024 + 1)))[0]).toBe(413);
  });
});

describe('a control request whose query has a second question mark', () => {
  test('is understood with it', async () => {
    const { clientId, clientSecret } = mock.keys.issue({ clinic: 'nuovo', clientId: 'who?me' });
    await fetch(`${mock.url}/auth/nuovo/oauth2/token`, {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
    });
    expect(await send('GET', '/journal/count?clientId=who?me')).toEqual([200, { count: 1, dropped: 0 }]);
  });

  test('is refused where that makes a value wrong', async () => {
    expect(await send('GET', '/journal?status=200?')).toEqual([
      400,
      { message: expect.stringMatching(/^The parameter status is invalid: .* found "200\?"\.$/) },
    ]);
  });
});

/** Sends a request with headers that `fetch` does not let one set. */
async function statusOf(headers: Record<string, string>): Promise<number> {
  const request = httpRequest(`${mock.url}/_mock/health`, { headers }).end();
  const [response] = await once(request, 'response');
  await text(response);
  return response.statusCode;
}

describe('a control request from a web page', () => {
  test.each([
    ['of another origin', { Origin: 'https://evil.example' }],
    ['of no origin', { Origin: 'null' }],
    ['that was rebound to this machine', { Host: 'evil.example:4010' }],
    ['that was rebound, with its own origin', { Host: 'evil.example', Origin: 'http://evil.example' }],
    ['of another port of this machine', { Origin: 'http://127.0.0.1:1' }],
  ])('is refused: one %s', async (_name, headers) => {
    expect(await statusOf(headers)).toBe(403);
  });

  test.each<[string, (url: URL) => Record<string, string>]>([
    ['localhost', ({ port }) => ({ Host: `localhost:${port}` })],
    ['the loopback of IPv6', ({ port }) => ({ Host: `[::1]:${port}` })],
    ['its own origin', ({ host, origin }) => ({ Host: host, Origin: origin })],
  ])('passes as %s', async (_name, headers) => {
    expect(await statusOf(headers(new URL(mock.url)))).toBe(200);
  });
});
