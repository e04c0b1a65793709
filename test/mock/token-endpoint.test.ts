import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { decodeProtectedHeader, createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startMock, type Mock } from '../../src/mock/index.ts';
import { basic, bodyOf, keyOf, requestToken, tokenUrlOf } from '../support/http.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const scope = 'https://api.nextgen.arzamed.com/read';
const now = Date.parse('2026-11-23T12:00:00Z');

let mock: Mock;
beforeAll(async () => {
  mock = await startUsualMock({ now: () => now });
});
afterAll(() => mock.close());

interface Change {
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

/** A token request as it should be, but for a change. */
function ask(
  { headers = {}, body = `grant_type=client_credentials&scope=${scope}` }: Change,
  asked: Mock = mock,
): Promise<Response> {
  return fetch(`${asked.url}/auth/bianchi/oauth2/token`, {
    method: 'POST',
    headers: {
      Authorization: basic(keyOf(mock, 'bianchi')),
      'Content-Type': 'application/x-www-form-urlencoded',
      ...headers,
    },
    body: Buffer.from(body),
  });
}

describe('the token endpoint', () => {
  test('answers the documented request with a bearer token for one hour, which no cache may keep', async () => {
    const response = await ask({});
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('pragma')).toBe('no-cache');
    expect(await response.json()).toEqual({ access_token: expect.any(String), token_type: 'Bearer', expires_in: 3600 });
  });

  test("signs the token with RS256; its header has the sample's keys in the sample's order", async () => {
    const { access_token: token } = await bodyOf(await ask({}));
    const header = decodeProtectedHeader(String(token));
    expect(Object.keys(header)).toEqual(['kid', 'alg']);
    expect(header.alg).toBe('RS256');
  });

  test("publishes the key that verifies the token next to the clinic's token URL", async () => {
    const { access_token: token } = await bodyOf(await ask({}));
    const issuer = `${mock.url}/auth/bianchi`;
    const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
    const { payload } = await jwtVerify(String(token), keys, { issuer, currentDate: new Date(now) });
    expect(payload).toEqual({
      iss: issuer,
      sub: 'bianchi-backend',
      client_id: 'bianchi-backend',
      token_use: 'access',
      scope,
      auth_time: now / 1000,
      iat: now / 1000,
      exp: now / 1000 + 3600,
      jti: expect.any(String),
    });
  });

  test('never publishes a private key', async () => {
    const answer = await bodyOf(await fetch(`${mock.url}/auth/bianchi/.well-known/jwks.json`));
    expect(answer).toEqual({
      keys: [{ kty: 'RSA', n: expect.any(String), e: 'AQAB', kid: expect.any(String), alg: 'RS256', use: 'sig' }],
    });
  });

  test('gives each token an id of its own', async () => {
    const tokens = await Promise.all([ask({}), ask({})].map(async (response) => bodyOf(await response)));
    expect(tokens[0]?.['access_token']).not.toBe(tokens[1]?.['access_token']);
  });

  test.each(['revoked', 'expired'])(
    'issues a token for a key that is %s, since only the API refuses it',
    async (status) => {
      expect((await requestToken(mock, 'bianchi', { status, scope })).status).toBe(200);
    },
  );

  test('takes the secret in the form as well', async () => {
    const { clientId, clientSecret } = keyOf(mock, 'bianchi');
    const form = { grant_type: 'client_credentials', scope, client_id: clientId, client_secret: clientSecret };
    const response = await fetch(tokenUrlOf(mock, 'bianchi'), { method: 'POST', body: new URLSearchParams(form) });
    expect(response.status).toBe(200);
  });

  test.each([
    ['raw', 'a+b/c=d&e%41 f:g'],
    ['form-encoded, as RFC 6749 has it', 'a%2Bb%2Fc%3Dd%26e%2541+f%3Ag'],
    ['with the colon alone encoded', 'a+b/c=d&e%41 f%3Ag'],
  ])('takes a secret with odd characters %s', async (_how, clientSecret) => {
    const key = '{ clientId: odd, clientSecret: "a+b/c=d&e%41 f:g", status: active }';
    const clinic = `name: Odd\nkeys: [${key}]\nresponses: { listDoctors: [] }\n`;
    await using folder = await temporaryFolder({ 'odd.yaml': clinic });
    const odd = await startMock({ clinics: folder.path });
    const token = await fetch(tokenUrlOf(odd, 'odd'), {
      method: 'POST',
      headers: { Authorization: basic({ clientId: 'odd', clientSecret }) },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
    });
    await odd.close();
    expect(token.status).toBe(200);
  });

  test('takes id and secret form-encoded within HTTP Basic, as RFC 6749 has it', async () => {
    const encoded = basic({ clientId: 'bianchi%2Dbackend', clientSecret: 'not%2Da%2Dsecret%2Dbianchi%2Dbackend' });
    expect((await ask({ headers: { Authorization: encoded } })).status).toBe(200);
  });

  test('takes a scheme in small letters', async () => {
    const authorization = basic(keyOf(mock, 'bianchi')).replace('Basic', 'basic');
    expect((await ask({ headers: { Authorization: authorization } })).status).toBe(200);
  });
});

const form = 'grant_type=client_credentials';
const good = `${form}&scope=${scope}`;
const json = { 'Content-Type': 'application/json' };

const refused: [name: string, error: string, change: Change][] = [
  ['a form without grant_type', 'invalid_request', { body: `scope=${scope}` }],
  ['an empty grant_type', 'invalid_request', { body: `grant_type=&scope=${scope}` }],
  ['no body', 'invalid_request', { body: '' }],
  ['a parameter twice', 'invalid_request', { body: `${good}&${form}` }],
  ['a broken percent escape', 'invalid_request', { body: `${form}&scope=%zz` }],
  ['a form that is not UTF-8', 'invalid_request', { body: Uint8Array.of(0xff, 0xfe, 0x3d) }],
  ['JSON instead of a form', 'invalid_request', { headers: json, body: JSON.stringify({ grant_type: 'x' }) }],
  ['JSON that says it is a form', 'invalid_request', { body: JSON.stringify({ grant_type: 'client_credentials' }) }],
  ['another content type', 'invalid_request', { headers: { 'Content-Type': 'text/plain' } }],
  ['a body over 64 KiB', 'invalid_request', { body: `${good}&x=${'x'.repeat(64 * 1024)}` }],
  ['an unknown content encoding', 'invalid_request', { headers: { 'Content-Encoding': 'morse' } }],
  ['a body that is not what its encoding says', 'invalid_request', { headers: { 'Content-Encoding': 'gzip' } }],
  ['the secret in two places', 'invalid_request', { body: `${good}&client_id=a&client_secret=b` }],
  ['another grant type', 'unsupported_grant_type', { body: `grant_type=password&scope=${scope}` }],
  ['no scope, which the vendor demands', 'invalid_scope', { body: form }],
  ['an unknown scope', 'invalid_scope', { body: `${form}&scope=write` }],
  ['an unknown scope beside a known one', 'invalid_scope', { body: `${good}+write` }],
];

const unauthenticated: [name: string, authorization: string | undefined][] = [
  ['no client authentication', undefined],
  ['an unknown client', basic({ clientId: 'nobody', clientSecret: 'x' })],
  ['a wrong secret', basic({ clientId: 'bianchi-backend', clientSecret: 'x' })],
  [
    "the secret of the clinic's other key",
    basic({ clientId: 'bianchi-backend', clientSecret: 'not-a-secret-bianchi-reporting' }),
  ],
  ["another clinic's key", basic({ clientId: 'ricci-backend', clientSecret: 'not-a-secret-ricci-backend' })],
  ['a Basic header that is not base64', 'Basic ~~~'],
  ['a Basic header without a colon', `Basic ${Buffer.from('bianchi-backend').toString('base64')}`],
  ['another scheme', 'Digest username="bianchi-backend"'],
];

describe("in Cognito's style, the token endpoint", () => {
  const wrongSecret = basic({ clientId: 'bianchi-backend', clientSecret: 'x' });

  test.each<[string, string, Change]>([
    ['a wrong secret', 'invalid_client', { headers: { Authorization: wrongSecret } }],
    ['an unknown scope', 'invalid_scope', { body: `${form}&scope=write` }],
    ['a body over 64 KiB', 'invalid_request', { body: 'x'.repeat(65 * 1024) }],
  ])('refuses %s with 400, the bare code and no challenge', async (_name, error, change) => {
    await using cognito = await startUsualMock({ errorStyle: 'cognito' });
    const response = await ask(change, cognito);
    expect(response.status).toBe(400);
    expect(response.headers.get('www-authenticate')).toBeNull();
    expect(await response.json()).toEqual({ error });
  });
});

describe('mocks of one public URL', () => {
  test("accept each other's tokens if they share a signing key", async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await using folder = await temporaryFolder({ 'key.pem': pem });
    const options = { publicUrl: 'https://mock.example/', signingKey: join(folder.path, 'key.pem') };
    await using first = await startMock(options);
    await using second = await startMock(options);
    expect(first.clinics[0]?.tokenUrl).toBe('https://mock.example/auth/bianchi/oauth2/token');
    const { access_token: token } = await bodyOf(await ask({}, first));
    const headers = { Authorization: `Bearer ${String(token)}` };
    const calls = [first, second].map(({ url }) => fetch(`${url}/api/v1/equipe/doctors`, { headers }));
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200]);
  });
});

describe('the token endpoint refuses', () => {
  test.each(refused)('%s: %s, with status 400', async (_name, error, change) => {
    const response = await ask(change);
    expect(response.status).toBe(400);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({ error, error_description: expect.any(String) });
  });

  test.each(unauthenticated)('%s: invalid_client, with status 401 and a challenge', async (_name, authorization) => {
    const headers = authorization === undefined ? {} : { Authorization: authorization };
    const response = await fetch(tokenUrlOf(mock, 'bianchi'), {
      method: 'POST',
      headers,
      body: new URLSearchParams(good),
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({ error: 'invalid_client', error_description: expect.any(String) });
  });

  test('a clinic that does not exist, and names those that do', async () => {
    const response = await fetch(`${mock.url}/auth/rossi/oauth2/token`, { method: 'POST', body: good });
    expect(response.status).toBe(404);
    expect(await bodyOf(response)).toMatchObject({ tokenUrls: expect.arrayContaining([tokenUrlOf(mock, 'bianchi')]) });
  });

  test('without repeating the secret', async () => {
    const responses = [
      await ask({ headers: { Authorization: basic({ clientId: 'bianchi-backend', clientSecret: 'canary' }) } }),
      await ask({ body: `${good}&client_id=a&client_secret=canary` }),
    ];
    for (const response of responses) expect(await response.text()).not.toContain('canary');
  });
});
