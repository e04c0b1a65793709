// Each security scheme of OpenAPI 3.1 (section 4.8.27), alone and combined: what a request must present, what refuses it,
// and which clinic it is for.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { basic, bearerOf } from '../support/http.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const flow = { authorizationUrl: 'https://parcels.example/login', tokenUrl: 'https://parcels.example/connect/token' };
const securitySchemes = {
  code: { type: 'oauth2', flows: { authorizationCode: { ...flow, scopes: { read: 'Read.', write: 'Write.' } } } },
  password: { type: 'oauth2', flows: { password: { tokenUrl: flow.tokenUrl, scopes: { owner: 'Own.' } } } },
  implicit: {
    type: 'oauth2',
    flows: { implicit: { authorizationUrl: flow.authorizationUrl, scopes: { look: 'Look.' } } },
  },
  oidc: { type: 'openIdConnect', openIdConnectUrl: 'https://parcels.example/.well-known/openid-configuration' },
  bearer: { type: 'http', scheme: 'bearer' },
  basic: { type: 'http', scheme: 'basic' },
  header: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
  query: { type: 'apiKey', in: 'query', name: 'api_key' },
  cookie: { type: 'apiKey', in: 'cookie', name: 'session' },
  authorization: { type: 'apiKey', in: 'header', name: 'Authorization' },
  certificate: { type: 'mutualTLS' },
  digest: { type: 'http', scheme: 'digest' },
};

const security: Record<string, object[]> = {
  code: [{ code: ['read'] }],
  password: [{ password: ['owner'] }],
  implicit: [{ implicit: ['look'] }],
  oidc: [{ oidc: ['openid', 'profile'] }],
  bearer: [{ bearer: ['admin'] }],
  basic: [{ basic: [] }],
  header: [{ header: [] }],
  query: [{ query: [] }],
  cookie: [{ cookie: [] }],
  authorization: [{ authorization: [] }],
  certificate: [{ certificate: [] }],
  digest: [{ digest: [] }],
  undefined: [{ nowhere: [] }],
  both: [{ header: [], query: [] }],
  either: [{ header: [] }, { code: ['write'] }],
  optional: [{ header: [] }, {}],
  refusing: [{ header: [] }],
};

const operation = (name: string): object => ({
  operationId: name,
  security: security[name],
  responses: {
    ...(name === 'refusing' ? { 401: { description: 'Who is that?' } } : {}),
    200: { description: 'A name.', content: { 'application/json': { schema: { type: 'string' }, example: 'nobody' } } },
  },
});
const names = Object.keys(security);
const spec = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Parcels', version: '1' },
  servers: [{ url: 'https://parcels.example' }],
  paths: Object.fromEntries(names.map((name) => [`/${name}`, { get: operation(name) }])),
  components: { securitySchemes },
});
/** Operations that ask for something which tells the clinic. */
const telling = names.filter((name) => !['certificate', 'digest', 'undefined'].includes(name));
const clinic = (id: string): string =>
  JSON.stringify({
    name: id,
    keys: [
      { clientId: `${id}-active`, clientSecret: `secret-${id}`, status: 'active' },
      { clientId: `${id}-revoked`, clientSecret: `secret-${id}-revoked`, status: 'revoked' },
    ],
    responses: Object.fromEntries(telling.map((name) => [name, id])),
  });

let mock: Mock;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder({
    'spec.json': spec,
    'accounts/one.yaml': clinic('one'),
    'accounts/two.yaml': clinic('two'),
  });
  mock = await startUsualMock({ spec: `${folder.path}/spec.json`, clinics: `${folder.path}/accounts` });
});
afterAll(async () => {
  await mock.close();
  await folder[Symbol.asyncDispose]();
});

async function get(target: string, headers: Record<string, string> = {}): Promise<[number, unknown]> {
  const response = await fetch(`${mock.url}/${target}`, { headers });
  const body: unknown = await response.json();
  return [response.status, body];
}

const idOf: Record<string, string> = {
  'secret-one': 'one-active',
  'secret-two': 'two-active',
  'secret-two-revoked': 'two-revoked',
};

/** What a request with the secret of a key presents to an operation. */
const present: Record<string, (name: string, secret: string) => [string, Record<string, string>?]> = {
  bearer: (name, secret) => [name, { Authorization: `Bearer ${secret}` }],
  basic: (name, secret) => [
    name,
    { Authorization: basic({ clientId: idOf[secret] ?? 'one-active', clientSecret: secret }) },
  ],
  header: (name, secret) => [name, { 'x-api-key': secret }],
  query: (name, secret) => [`${name}?api_key=${secret}`],
  cookie: (name, secret) => [name, { Cookie: `theme=dark; session=${secret}` }],
  authorization: (name, secret) => [name, { Authorization: secret }],
};

describe.each(Object.keys(present))('the scheme %s', (name) => {
  const ask = (secret: string): Promise<[number, unknown]> => get(...(present[name]?.(name, secret) ?? [name]));

  test('takes a key of any clinic', async () => {
    expect(await ask('secret-one')).toEqual([200, 'one']);
    expect(await ask('secret-two')).toEqual([200, 'two']);
  });

  test('refuses a revoked key with 403, and an unknown one with 401', async () => {
    expect((await ask('secret-two-revoked'))[0]).toBe(403);
    expect((await ask('secret-three'))[0]).toBe(401);
  });

  test('refuses a request without credentials', async () => {
    expect((await get(name))[0]).toBe(401);
  });
});

test('a revoked key gets 401 where the document has that and no 403', async () => {
  const { status } = await fetch(`${mock.url}/refusing`, { headers: { 'x-api-key': 'secret-two-revoked' } });
  expect(status).toBe(401);
});

test.each(['code', 'password', 'implicit', 'oidc', 'bearer', 'authorization'])(
  '%s takes a token of the mock',
  async (name) => {
    expect(await get(name, { Authorization: await bearerOf(mock, 'two') })).toEqual([200, 'two']);
  },
);

test('a token needs the scope of the flow', async () => {
  const response = await fetch(`${mock.url}/code`, {
    headers: { Authorization: await bearerOf(mock, 'two', { scope: 'write' }) },
  });
  expect(response.status).toBe(403);
  expect(response.headers.get('www-authenticate')).toContain('scope="read"');
});

test('two schemes of one requirement are both needed', async () => {
  expect(await get('both?api_key=secret-one', { 'X-Api-Key': 'secret-one' })).toEqual([200, 'one']);
  expect((await get('both', { 'X-Api-Key': 'secret-one' }))[0]).toBe(401);
  expect((await get('both?api_key=wrong', { 'X-Api-Key': 'secret-one' }))[0]).toBe(401);
});

test('one of two requirements is enough', async () => {
  expect(await get('either', { 'X-Api-Key': 'secret-one' })).toEqual([200, 'one']);
  expect(await get('either', { Authorization: await bearerOf(mock, 'two') })).toEqual([200, 'two']);
});

test('with a key of one clinic and the token of another, no answer is kept for the token', async () => {
  const Authorization = await bearerOf(mock, 'two');
  expect(await get('either', { Authorization })).toEqual([200, 'two']);
  expect(await get('either', { Authorization, 'X-Api-Key': 'secret-one' })).toEqual([200, 'one']);
});

test('optional credentials may be missing, but not wrong', async () => {
  expect(await get('optional')).toEqual([200, 'nobody']);
  expect((await get('optional', { 'X-Api-Key': 'wrong' }))[0]).toBe(401);
});

test('the journal names the key whose secret is the bearer token', async () => {
  await get('bearer', { Authorization: 'Bearer secret-two' });
  expect(mock.journal.find({ operationId: 'bearer' }).at(-1)).toMatchObject({ clinic: 'two', clientId: 'two-active' });
});

test.each(['certificate', 'undefined'])('%s is not checked', async (name) => {
  expect(await get(name)).toEqual([200, 'nobody']);
});

test('HTTP Digest must be there, and what it says is not checked', async () => {
  expect(await get('digest', { Authorization: 'Digest username="nobody"' })).toEqual([200, 'nobody']);
  const response = await fetch(`${mock.url}/digest`);
  expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Digest realm="api"']);
});

test('the token URL of the document is served, and is the one that clients are told', async () => {
  expect(mock.clinics[0]?.tokenUrl).toBe(`${mock.url}/connect/token`);
  expect(await get('code', { Authorization: await bearerOf(mock, 'one') })).toEqual([200, 'one']);
});

test.each(['/auth/one/.well-known/openid-configuration', '/.well-known/oauth-authorization-server/auth/one'])(
  'the issuer publishes where tokens are: %s',
  async (path) => {
    expect(await get(path.slice(1))).toEqual([
      200,
      expect.objectContaining({
        issuer: `${mock.url}/auth/one`,
        token_endpoint: `${mock.url}/connect/token`,
        grant_types_supported: ['client_credentials'],
      }),
    ]);
  },
);

test('a documented key in the query is no finding, and is not shown in the journal', async () => {
  await get('query?api_key=secret-one');
  mock.findings.conclude();
  expect(mock.findings.list().filter(({ id }) => id === 'credentials-in-query')).toEqual([]);
  expect(mock.journal.find({ operationId: 'query' }).at(-1)).toMatchObject({
    clientId: 'one-active',
    authentication: 'key',
  });
  expect(JSON.stringify(mock.journal.find())).not.toContain('secret-one');
});
