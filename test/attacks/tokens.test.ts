// Tokens that were made to get in. The mock's own signing key is known here, so that each differs from a good token
// in one thing alone.
import { createPublicKey, generateKeyPairSync, createPrivateKey } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startMock, type Mock } from '../../src/mock/index.ts';
import { bearerOf } from '../support/http.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

const scope = 'https://api.nextgen.arzamed.com/read';
const now = Date.parse('2026-11-23T12:00:00Z');

const pem = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const privateKey = createPrivateKey(pem);
const publicPem = createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString();
const kid = await calculateJwkThumbprint(await exportJWK(createPublicKey(pem)));

let mock: Mock;
let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder({ 'key.pem': pem });
  mock = await startMock({ now: () => now, signingKey: join(folder.path, 'key.pem') });
});
afterAll(async () => {
  await mock.close();
  await folder[Symbol.asyncDispose]();
});

interface Change {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
  /** What signs; the mock's own key unless given. */
  key?: Parameters<SignJWT['sign']>[0];
}

/** A good token, but for a change. A claim that is undefined is left out. */
function sign({ header = {}, claims = {}, key = privateKey }: Change = {}): Promise<string> {
  const seconds = now / 1000;
  const whole = {
    iss: `${mock.url}/auth/bianchi`,
    sub: 'bianchi-backend',
    client_id: 'bianchi-backend',
    scope,
    iat: seconds,
    exp: seconds + 3600,
    ...claims,
  };
  const present = Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined));
  return new SignJWT(present).setProtectedHeader({ kid, alg: 'RS256', ...header }).sign(key, { crit: { x: true } });
}

async function statusWith(authorization: string): Promise<number> {
  const response = await fetch(`${mock.baseUrl}/equipe/doctors`, { headers: { Authorization: authorization } });
  return response.status;
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

async function parts(): Promise<[header: string, payload: string, signature: string]> {
  const [header = '', payload = '', signature = ''] = (await sign()).split('.');
  return [header, payload, signature];
}

function padded([header, payload, signature]: [string, string, string]): string {
  return `${header}.${payload}=.${signature}`;
}

/** The last of 342 characters has two bits that mean nothing. */
function withSpareBits(token: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return token.slice(0, -1) + letters.charAt(letters.indexOf(token.slice(-1)) ^ 1);
}

/** A payload with another client behind the right one, which the signature is not of. */
async function twice(): Promise<string> {
  const [header, payload, signature] = await parts();
  const text = Buffer.from(payload, 'base64url').toString().replace(/\}$/, ',"client_id":"ricci-backend"}');
  return `${header}.${Buffer.from(text).toString('base64url')}.${signature}`;
}

test('the token that the attacks start from is good', async () => {
  expect(await statusWith(`Bearer ${await sign()}`)).toBe(200);
});

const attacks: [name: string, make: () => Promise<string>, status: 401 | 403][] = [
  ['no algorithm, no signature', async () => `${encode({ kid, alg: 'none' })}.${(await parts())[1]}.`, 401],
  [
    'no algorithm, the old signature',
    async () => `${encode({ kid, alg: 'none' })}.${(await parts())[1]}.${(await parts())[2]}`,
    401,
  ],
  [
    'HS256 with the public key as its secret',
    () => sign({ header: { alg: 'HS256' }, key: Buffer.from(publicPem) }),
    401,
  ],
  ['another key', () => sign({ key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey }), 401],
  ['PS256 by the right key', () => sign({ header: { alg: 'PS256' } }), 401],
  ['an unknown kid', () => sign({ header: { kid: 'unknown' } }), 401],
  ['no kid', () => sign({ header: { kid: undefined } }), 401],
  ['a path in kid', () => sign({ header: { kid: '../../../../etc/passwd' } }), 401],
  ['SQL in kid', () => sign({ header: { kid: "' OR 1=1 --" } }), 401],
  ['a key of its own in the header', () => sign({ header: { kid: 'x', jwk: { kty: 'oct', k: 'AA' } } }), 401],
  ['a wrong issuer', () => sign({ claims: { iss: 'https://evil.invalid' } }), 401],
  ["another clinic's issuer", () => sign({ claims: { iss: `${mock.url}/auth/ricci` } }), 401],
  ['an issuer that is a number', () => sign({ claims: { iss: 7 } }), 401],
  ['an issuer that is a list', () => sign({ claims: { iss: [`${mock.url}/auth/bianchi`] } }), 401],
  ['no issuer', () => sign({ claims: { iss: undefined } }), 401],
  ['expired', () => sign({ claims: { exp: now / 1000 } }), 401],
  ['never expiring', () => sign({ claims: { exp: undefined } }), 401],
  ['an expiry that is a text', () => sign({ claims: { exp: 'never' } }), 401],
  ['not yet valid', () => sign({ claims: { nbf: now / 1000 + 60 } }), 401],
  [
    'a changed payload',
    async () => `${(await parts())[0]}.${encode({ client_id: 'ricci-backend' })}.${(await parts())[2]}`,
    401,
  ],
  ['a changed signature', async () => (await sign()).replace(/.{8}$/, 'AAAAAAAA'), 401],
  ['truncated', async () => (await sign()).slice(0, -10), 401],
  ['two parts', async () => (await parts()).slice(0, 2).join('.'), 401],
  ['no scope', () => sign({ claims: { scope: undefined } }), 403],
  ['another scope', () => sign({ claims: { scope: 'https://api.nextgen.arzamed.com/write' } }), 403],
  ['a scope that only begins like the right one', () => sign({ claims: { scope: `${scope}-only` } }), 403],
  ['a scope that is a list', () => sign({ claims: { scope: [scope] } }), 403],
  ['a key that is not registered', () => sign({ claims: { client_id: 'nobody' } }), 403],
  ['no key', () => sign({ claims: { client_id: undefined } }), 403],
  ['a name that every object has for its key', () => sign({ claims: { client_id: '__proto__' } }), 403],
  ['a key that is a list', () => sign({ claims: { client_id: ['bianchi-backend'] } }), 403],
  ['padding behind the signature', async () => `${await sign()}==`, 401],
  ['padding behind the payload', async () => padded(await parts()), 401],
  ['other spare bits at the end', async () => withSpareBits(await sign()), 401],
  ['a critical header that is unknown', () => sign({ header: { crit: ['x'], x: 1 } }), 401],
  ['an address of keys', () => sign({ header: { kid: 'x', jku: 'http://127.0.0.1:1/jwks.json' } }), 401],
  ['a name that stands twice', twice, 401],
];

describe('a token is refused with', () => {
  test.each(attacks)('%s', async (_name, make, status) => {
    const token = await make();
    // What is remembered of it must not admit it the second time.
    for (const _time of [1, 2]) expect(await statusWith(`Bearer ${token}`)).toBe(status);
  });

  test('16 KiB of it', async () => {
    // Node itself refuses a header of more than 16 KiB in all, with 431; a little less gets to the mock.
    expect(await statusWith(`Bearer ${'x'.repeat(12 * 1024)}`)).toBe(401);
    expect(await statusWith(`Bearer ${'x'.repeat(16 * 1024)}`)).toBe(431);
  });
});

describe('an Authorization header', () => {
  test.each([
    ['in small letters', (token: string) => `bearer ${token}`, 200],
    ['in capitals', (token: string) => `BEARER ${token}`, 200],
    ['with more than one space', (token: string) => `Bearer   ${token}`, 200],
    ['with a tab', (token: string) => `Bearer\t${token}`, 401],
    ['with something behind the token', (token: string) => `Bearer ${token} ${token}`, 401],
    ['with the token alone', (token: string) => token, 401],
    ['with a comma', (token: string) => `Bearer ${token},`, 401],
  ])('%s', async (_name, header, status) => {
    expect(await statusWith(header(await sign()))).toBe(status);
  });

  test('that stands twice is refused, whichever of the two is good', async () => {
    const good = `Bearer ${await sign()}`;
    for (const values of [
      [good, 'Bearer bad'],
      ['Bearer bad', good],
    ]) {
      const request = httpRequest(`${mock.baseUrl}/equipe/doctors`);
      request.setHeader('Authorization', values);
      request.end();
      const [response] = await once(request, 'response');
      await text(response);
      expect(response.statusCode).toBe(401);
    }
  });
});

test('a token outlives the rotation of keys and a reset', async () => {
  await using other = await startMock({ now: () => now });
  await other.rotateSigningKeys();
  const authorization = await bearerOf(other, 'bianchi', { scope });
  const ask = async (): Promise<number> =>
    (await fetch(`${other.baseUrl}/equipe/doctors`, { headers: { Authorization: authorization } })).status;
  expect(await ask()).toBe(200);
  other.reset();
  expect(await ask()).toBe(200);
});

test('a date-time whose offset has hours alone is the end of a key, also in the file of a clinic', async () => {
  const keys = ['{ expiresAt: 2026-01-01T00:00:00.5+01, ', '{ expiresAt: null, '].map(
    (start, index) => `${start}clientId: key-${index}, clientSecret: fake, status: active }`,
  );
  await using folder = await temporaryFolder({ 'one.yaml': `name: One\nkeys: [${keys.join(', ')}]\n` });
  await using other = await startMock({ clinics: folder.path, now: () => Date.parse('2025-12-31T23:00:01Z') });
  expect(other.keys.list('one').map(({ status }) => status)).toEqual(['expired', 'active']);
});

describe('a leap second', () => {
  test('is the end of a key', async () => {
    await using other = await startMock({ now: () => Date.parse('2017-01-01T00:00:00Z') });
    other.keys.issue({ clinic: 'bianchi', clientId: 'leap', expiresAt: new Date('2016-12-31T23:59:59Z') });
    const send = (method: string, path: string, body: object): Promise<Response> =>
      fetch(`${other.url}/_mock${path}`, { method, body: JSON.stringify(body) });
    const issued = await send('POST', '/keys', { clinic: 'bianchi', expiresAt: '2016-12-31T23:59:60Z' });
    expect([issued.status, await issued.json()]).toEqual([201, expect.objectContaining({ status: 'expired' })]);
    const set = await send('PUT', '/clock', { now: '2016-12-31T23:59:60Z' });
    expect(await set.json()).toEqual({ now: '2016-12-31T23:59:59.999Z' });
  });
});

test('the clock stops at the end of the year 9999', async () => {
  let time = now;
  await using other = await startMock({ now: () => time });
  other.clock.set(new Date('9999-12-31T23:59:59.999Z'));
  time += 60_000;
  expect(new Date(other.clock.now()).toISOString()).toBe('9999-12-31T23:59:59.999Z');
});
