// `arzamed mock openapi.yaml`, with nothing else: an account with credentials, the routes, and a call that works as printed.
import { describe, expect, test } from '@jest/globals';
import { welcome } from '../../src/cli/welcome.ts';
import { run } from '../support/command.ts';
import { execHere } from '../support/exec-here.ts';
import { arzamedHere, mockHere } from '../support/in-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const parcel = {
  description: 'A parcel.',
  content: { 'application/json': { schema: { type: 'object' }, example: { id: 'P2', state: 'on its way' } } },
};
const parcels = (security: object): string =>
  JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Parcels', version: '1' },
    servers: [{ url: 'https://api.parcels.example/v2' }],
    security: [security],
    paths: {
      '/parcels/{id}': {
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' }, example: 'P2' }],
        get: { operationId: 'readParcel', responses: { 200: parcel } },
        delete: { operationId: 'removeParcel', responses: { 204: { description: 'Removed.' } } },
      },
    },
    components: {
      securitySchemes: {
        oauth: {
          type: 'oauth2',
          flows: {
            authorizationCode: {
              authorizationUrl: 'https://id.parcels.example/login',
              tokenUrl: 'https://id.parcels.example/token',
              scopes: {},
            },
          },
        },
        bearer: { type: 'http', scheme: 'bearer' },
        basic: { type: 'http', scheme: 'basic' },
        header: { type: 'apiKey', in: 'header', name: 'X-Key' },
        query: { type: 'apiKey', in: 'query', name: 'key' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'session' },
        certificate: { type: 'mutualTLS' },
      },
    },
  });

describe('arzamed mock FILE', () => {
  test.each([
    [{ oauth: [] }],
    [{ bearer: [] }],
    [{ basic: [] }],
    [{ header: [] }],
    [{ query: [] }],
    [{ cookie: [] }],
    [{ basic: [], query: [] }],
  ])('prints a call that a shell runs as it stands, for the security %j', async (security) => {
    await using folder = await temporaryFolder({ 'openapi.json': parcels(security) });
    await using mock = await startUsualMock({ spec: `${folder.path}/openapi.json` });
    const printed = welcome(mock, { host: '127.0.0.1', controlToken: undefined });
    const call = printed.slice(printed.indexOf('Try it:') + 7, printed.indexOf('Press Ctrl-C'));
    const { stdout, stderr } = await run('sh', ['-c', call]);
    expect({ stdout, stderr }).toEqual({ stdout: '{"id":"P2","state":"on its way"}', stderr: '' });
  });

  test('prints the account, and the operations with the documented examples in their URLs', async () => {
    await using folder = await temporaryFolder({ 'openapi.json': parcels({ certificate: [] }) });
    await using mock = await mockHere(/Ctrl-C/, `${folder.path}/openapi.json`, '--port', '0');
    expect(mock.stdout.replaceAll(/:\d+\//g, ':PORT/').replace(/:\d+\n/, ':PORT\n')).toBe(
      [
        'Mock of Parcels at http://127.0.0.1:PORT/v2',
        '',
        '  account',
        '    account-backend  not-a-secret-account-backend',
        '',
        '  GET     http://127.0.0.1:PORT/v2/parcels/P2',
        '  DELETE  http://127.0.0.1:PORT/v2/parcels/P2',
        '',
        'Try it:',
        '',
        '  curl -sS http://127.0.0.1:PORT/v2/parcels/P2',
        '',
        'Not checked, and so taken as given: certificate.',
        '',
        'Press Ctrl-C to stop.',
        '',
      ].join('\n'),
    );
  });

  test('refuses two documents', async () => {
    const { code, stderr } = await arzamedHere('mock', 'one.yaml', '--spec', 'two.yaml');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('Two documents are named') });
  });
});

describe('arzamed exec --spec FILE', () => {
  test('gives a program the credentials of the account, under names of its own', async () => {
    await using folder = await temporaryFolder({ 'openapi.json': parcels({ oauth: [] }) });
    const print =
      'printf "%s " "$PARCELS_TOKEN_URL" "$PARCELS_CLIENT_ID" "$PARCELS_BASE_URL" "${ARZAMED_TOKEN_URL-none}"';
    const options = ['--spec', `${folder.path}/openapi.json`, '--env-prefix', 'PARCELS_'];
    expect((await execHere(folder.path, options, 'sh', '-c', print)).stdout).toBe(
      'https://id.parcels.example/token account-backend https://api.parcels.example/v2 none ',
    );
  });

  test('refuses a prefix that no variable can have', async () => {
    const { code, stderr } = await arzamedHere('exec', '--env-prefix', '1-A', '--', 'true');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('the beginning of a variable name') });
  });
});
