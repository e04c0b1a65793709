// Providers whose documents ask for API keys, HTTP Basic, tokens and combinations: what `verify` presents to them.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { readApi, type Api } from '../../src/openapi/api.ts';
import { checkConformance } from '../../src/verify/conformance/check-conformance.ts';
import { openProvider } from '../../src/verify/provider/open-provider.ts';
import { verifyProvider } from '../../src/verify/provider/verify-provider.ts';
import type { Verdict } from '../../src/verify/verdict.ts';
import { arzamedHere } from '../support/in-process.ts';
import { shareVerifier } from '../support/shared-verifier.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';
import { startUsualMock } from '../support/usual-mock.ts';
import { contractFrom, contractOf, json, jsonBody, serve, type InteractionParts } from './provider/support.ts';

shareVerifier();

const content = { 'application/json': { schema: { type: 'string' }, example: 'here' } };
const responses = { 200: { description: 'A parcel.', content }, 401: { description: 'Refused.' } };
const security: Record<string, object[]> = {
  header: [{ header: [] }],
  query: [{ 'in-query': [] }],
  cookie: [{ cookie: [] }],
  basic: [{ basic: [] }],
  bearer: [{ bearer: [] }],
  both: [{ header: [], basic: [] }],
  either: [{ digest: [] }, { 'in-query': [] }],
  optional: [{ header: [] }, {}],
};
const securitySchemes = {
  header: { type: 'apiKey', in: 'header', name: 'X-Key' },
  'in-query': { type: 'apiKey', in: 'query', name: 'api key' },
  cookie: { type: 'apiKey', in: 'cookie', name: 'session' },
  basic: { type: 'http', scheme: 'basic' },
  bearer: { type: 'http', scheme: 'bearer' },
  digest: { type: 'http', scheme: 'digest' },
};
const document = (names: readonly string[]): string =>
  JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Parcels', version: '1' },
    paths: Object.fromEntries(names.map((name) => [`/${name}`, { get: { security: security[name], responses } }])),
    components: { securitySchemes },
  });

let folder: TemporaryFolder;
let all: Api;
let keys: Api;
let mock: Mock;
beforeAll(async () => {
  const files = { 'all.json': document(Object.keys(security)), 'keys.json': document(['header', 'query', 'basic']) };
  folder = await temporaryFolder(files);
  all = await readApi(`${folder.path}/all.json`);
  keys = await readApi(`${folder.path}/keys.json`);
  mock = await startUsualMock({ spec: `${folder.path}/all.json` });
});
afterAll(async () => {
  await mock.close();
  await folder[Symbol.asyncDispose]();
});

const unlike = (verdicts: readonly Verdict[]): string[] =>
  verdicts
    .filter(({ result }) => result !== 'holds')
    .map(({ result, operation = '', rule, sentence }) => `${result}: ${operation} ${rule}: ${sentence}`);

const interaction = (path: string, request: object = {}, status = 200): InteractionParts => ({
  request: { path, ...request },
  response: { status, ...(status === 200 ? { body: jsonBody('here') } : {}) },
});

describe('a mock', () => {
  test('gets the credentials of its account by every scheme and combination', async () => {
    const provider = await openProvider({ url: mock.url, api: all, environment: {} });
    const verdicts = await checkConformance({ provider, api: all });
    expect(unlike(verdicts)).toEqual([
      'not verifiable: GET /either authentication: One alternative of its security cannot be presented, so it is unknown ' +
        'whether wrong credentials are refused.',
    ]);
    const refused = verdicts.filter(({ rule }) => rule === 'authentication').map(({ sentence }) => sentence);
    expect(refused).toContain('GET /header with an invalid key is refused with 401.');
    expect(refused).toContain('GET /both with an unknown user for basic is refused with 401.');
    expect(refused).toContain('GET /bearer with an expired token is refused with 401.');
  });

  test('gets them in place of what a contract has, unless that expects a refusal', async () => {
    const provider = await openProvider({ url: mock.url, api: all, environment: {} });
    const contract = contractOf(
      interaction('/header', { headers: { 'X-Key': ['example'] } }),
      interaction('/query', { query: { 'api key': ['example'] } }),
      interaction('/both'),
      interaction('/bearer', { headers: { Authorization: ['Bearer example'] } }),
      interaction('/optional'),
      interaction('/header', { headers: { 'X-Key': ['example'] } }, 401),
    );
    const verdicts = await verifyProvider({ provider, contracts: [contractFrom(contract)], api: all });
    expect(unlike(verdicts)).toEqual([]);
  });
});

test('a mock of several accounts is asked for the one that a contract has the key of', async () => {
  const account = (id: string): string =>
    JSON.stringify({
      name: id,
      keys: [{ clientId: id, clientSecret: `secret-${id}`, status: 'active' }],
      responses: { 'get /header': id },
    });
  await using accounts = await temporaryFolder({ 'one.yaml': account('one'), 'two.yaml': account('two') });
  await using own = await startUsualMock({ spec: `${folder.path}/all.json`, clinics: accounts.path });
  const provider = await openProvider({ url: own.url, api: all, environment: {} });
  const of = (key: string, name: string): InteractionParts => ({
    request: { path: '/header', headers: { 'X-Key': [key] } },
    response: { body: jsonBody(name) },
  });
  const contract = contractFrom(contractOf(of('secret-two', 'two'), of('example', 'one')));
  expect(unlike(await verifyProvider({ provider, contracts: [contract], api: all }))).toEqual([]);
});

describe('another provider', () => {
  const environment = {
    ARZAMED_CREDENTIALS_HEADER: 'CANARY-key',
    ARZAMED_CREDENTIALS_IN_QUERY: 'CANARY key',
    ARZAMED_CREDENTIALS_BASIC: 'ann:CANARY',
  };
  const wanted: Record<string, string | undefined> = {
    '/header': 'CANARY-key',
    '/query?api%20key=CANARY%20key': '',
    '/basic': `Basic ${Buffer.from('ann:CANARY').toString('base64')}`,
  };
  const provide = () =>
    serve(({ method, path, headers }, response) => {
      const given = headers['x-key'] ?? headers.authorization ?? '';
      if (method !== 'GET') return json(response, 405, {}, { Allow: 'GET' });
      return wanted[path] === given ? json(response, 200, 'here') : json(response, 401, 'CANARY');
    });

  test('gets those of the environment, which are never shown', async () => {
    await using server = await provide();
    const provider = await openProvider({ url: server.url, api: keys, environment });
    const contract = contractOf(interaction('/header'), interaction('/query'), interaction('/basic'));
    const verdicts = [
      ...(await checkConformance({ provider, api: keys })),
      ...(await verifyProvider({ provider, contracts: [contractFrom(contract)], api: keys })),
    ];
    expect(unlike(verdicts).filter((each) => !/ method: /.test(each))).toEqual([]);
    expect(JSON.stringify(verdicts)).not.toContain('CANARY');
  });

  test('is asked without those that are not given, which a line says', async () => {
    await using server = await provide();
    const provider = await openProvider({ url: server.url, api: keys, environment: {} });
    expect(unlike(await checkConformance({ provider, api: keys }))).toEqual(
      ['header', 'in-query', 'basic'].map(
        (scheme) =>
          `not verifiable:  access: There are no credentials for the security scheme ${scheme}, so requests are sent ` +
          `without. Set ARZAMED_CREDENTIALS_${scheme.toUpperCase().replace('-', '_')}.`,
      ),
    );
    expect(server.seen.map(({ path }) => path)).toEqual(expect.arrayContaining(['/header', '/query', '/basic']));
  });

  test('gets no credentials over a connection that others can read', async () => {
    const opened = openProvider({ url: 'http://0.0.0.0:1', api: keys, environment });
    await expect(opened).resolves.toMatchObject({ access: { kind: 'none' } });
    await using server = await provide();
    const readable = openProvider({ url: server.url.replace('127.0.0.1', '0.0.0.0'), api: keys, environment });
    await expect(readable).rejects.toThrow(/--provider is not safe to send a token to/);
  });

  test('gets the headers of --header with each request', async () => {
    await using server = await provide();
    const spec = ['--spec', `${folder.path}/keys.json`];
    const headers = ['--header', 'X-Key: CANARY-key', '--header', 'X-Tenant:one'];
    const { stdout, stderr } = await arzamedHere('verify', ...spec, '--provider', server.url, ...headers);
    expect(server.seen.map(({ headers: sent }) => [sent['x-key'], sent['x-tenant']])).toEqual(
      Array.from({ length: 3 }, () => ['CANARY-key', 'one']),
    );
    expect(stdout + stderr).not.toContain('CANARY');
    expect(stdout).toContain('A header of --header stands in for the credentials');
    expect(stdout).not.toContain('the security scheme header');
  });

  test('refuses a header without a name, and does not show it', async () => {
    const { code, stderr } = await arzamedHere('verify', '--header', 'CANARY');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        'arzamed: Invalid header of --header.\n  expected  a name, a colon and a value of ASCII characters\n' +
        "Correct it: --header 'X-Tenant: one'\n",
    });
  });
});
