// `account` is another name of `clinic` in options, files and the control API, and the word of messages about other APIs.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startMock, type Mock } from '../../src/mock/index.ts';
import { arzamedHere } from '../support/in-process.ts';
import { bodyOf } from '../support/http.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

const account = (name: string): string =>
  JSON.stringify({ name, keys: [{ clientId: name, clientSecret: `secret-${name}`, status: 'active' }], responses: {} });
const content = { 'application/json': { schema: { type: 'string' }, example: 'here' } };
const spec = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Parcels', version: '1' },
  paths: { '/parcel': { get: { operationId: 'read', responses: { 200: { description: 'A parcel.', content } } } } },
  security: [{ key: [] }],
  components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } } },
});
const states = JSON.stringify({ 'one is down': [{ addFault: { account: 'one', status: 503, count: 1 } }] });

let folder: TemporaryFolder;
let files: { spec: string; accounts: string };
let mock: Mock;
beforeAll(async () => {
  const accounts = { 'accounts/one.yaml': account('one'), 'accounts/two.yaml': account('two') };
  folder = await temporaryFolder({ 'spec.json': spec, 'states.yaml': states, ...accounts });
  files = { spec: `${folder.path}/spec.json`, accounts: `${folder.path}/accounts` };
  mock = await startMock({ ...files, providerStates: `${folder.path}/states.yaml` });
});
afterAll(async () => {
  await mock.close();
  await folder[Symbol.asyncDispose]();
});

const read = (name: string): Promise<Response> =>
  fetch(`${mock.url}/parcel`, { headers: { 'X-Key': `secret-${name}` } });

async function control(method: string, path: string, body?: object): Promise<[number, unknown]> {
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(`${mock.url}/_mock${path}`, { method, ...init });
  const text = await response.text();
  return [response.status, text === '' ? undefined : JSON.parse(text)];
}

describe('account stands for clinic', () => {
  test('in the options of a mock', () => {
    expect(mock.clinics.map(({ clinic }) => clinic)).toEqual(['one', 'two']);
  });

  test('but not beside it', async () => {
    await expect(startMock({ ...files, clinics: 'mocks/clinics' })).rejects.toThrow(
      'There are both clinics and accounts, which are two names of one folder.\nGive one of them.',
    );
  });

  test('in a fault, which strikes that account alone', async () => {
    mock.faults.add({ account: 'two', status: 503, count: 1 });
    expect([(await read('one')).status, (await read('two')).status]).toEqual([200, 503]);
  });

  test('in a new key', async () => {
    expect(await control('POST', '/keys', { account: 'one', clientId: 'new', clientSecret: 'secret-new' })).toEqual([
      201,
      { clientId: 'new', clientSecret: 'secret-new', status: 'active' },
    ]);
    expect((await read('new')).status).toBe(200);
  });

  test('in the path and in the query of the control API', async () => {
    expect((await control('PUT', '/accounts/two/answers/read', { body: 'there' }))[0]).toBe(204);
    const { newest } = mock.journal;
    expect(await (await read('two')).json()).toBe('there');
    expect(await control('GET', `/journal/count?account=two&after=${newest}`)).toEqual([200, { count: 1, dropped: 0 }]);
  });

  test('in a provider state of the own file, and in the parameters of one', async () => {
    await control('POST', '/provider-states', { state: 'one is down' });
    expect((await read('one')).status).toBe(503);
    const [status, values] = await control('POST', '/provider-states', { state: 'a key', params: { account: 'two' } });
    expect([status, values]).toEqual([200, expect.objectContaining({ clientId: 'two' })]);
  });

  test('but not beside it in a request', async () => {
    expect(await control('POST', '/faults', { account: 'one', clinic: 'two', status: 503 })).toEqual([
      400,
      { message: 'There are both clinic and account, which are two names of one thing; give one of them.' },
    ]);
  });
});

describe('messages about another API', () => {
  test('call an unknown one an account', async () => {
    expect(await control('POST', '/faults', { clinic: 'three', status: 503 })).toEqual([
      404,
      { message: 'There is no account three, only one, two.' },
    ]);
  });

  test('find the id of an account in a path', async () => {
    const { hint } = await bodyOf(await fetch(`${mock.url}/one/parcel`));
    expect(hint).toBe('Remove "one": /parcel. Paths have no account id; the bearer token identifies the account.');
    expect(mock.findings.list()[0]?.message).toBe('The path has an extra segment, probably an account id.');
  });
});

describe('the command line', () => {
  const mistake = async (...args: string[]): Promise<string> =>
    (await arzamedHere('mock', '--port', '0', '--spec', files.spec, ...args)).stderr;

  test('takes --accounts', async () => {
    expect(await mistake('--accounts', 'no/such')).toBe(
      'arzamed: no/such: The accounts folder does not exist or cannot be read.\n' +
        'Name a folder with --accounts FOLDER, or omit the option to get one account.\n',
    );
  });

  test('refuses --accounts beside --clinics', async () => {
    expect(await mistake('--accounts', 'a', '--clinics', 'b')).toContain(
      "arzamed: option '--accounts <name>' cannot be used with option '--clinics <folder>'",
    );
  });

  test('takes --account', async () => {
    expect(await mistake('--accounts', files.accounts, '--intercept', '--account', 'three')).toBe(
      'arzamed: There is no account three.\n  accounts  one, two\nName another with --account ACCOUNT.\n',
    );
  });
});
