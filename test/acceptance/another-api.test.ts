// The whole way of another API: a parcel service with a document, an account and a contract of its own. No output has a
// word of the bundled API.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { arzamedIn } from '../support/in-process.ts';
import { execHere } from '../support/exec-here.ts';
import { shareVerifier } from '../support/shared-verifier.ts';
import { isLong } from '../support/runs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const inLong = isLong ? test : test.skip;

shareVerifier();

const spec = (required: string): string => `
openapi: 3.0.3
info:
  title: Parcels
  version: 1.0.0
  license: { name: MIT, url: 'https://opensource.org/license/mit' }
servers: [{ url: 'https://api.parcels.example/v2' }]
security: [{ login: [read] }]
paths:
  /parcels/{id}:
    get:
      operationId: readParcel
      summary: Read a parcel.
      parameters:
        - { name: id, in: path, required: true, schema: { type: string, pattern: '^P[0-9]+$' }, example: P2 }
      responses:
        '200':
          description: The parcel.
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Parcel' }
        '401': { $ref: '#/components/responses/Refused' }
        '403': { $ref: '#/components/responses/Refused' }
        '422': { $ref: '#/components/responses/Refused' }
components:
  responses:
    Refused:
      description: Refused.
      content: { application/json: { schema: { type: object } } }
  schemas:
    Parcel:
      type: object
      required: [${required}]
      properties: { id: { type: string }, state: { type: string } }
  securitySchemes:
    login:
      type: oauth2
      flows:
        clientCredentials: { tokenUrl: 'https://id.parcels.example/token', scopes: { read: Read parcels. } }
`;
const account = `
name: Rossi
keys: [{ clientId: rossi, clientSecret: not-a-secret-rossi, status: active }]
responses: { readParcel: { id: P2, state: on its way } }
`;
const matchType = { matchers: [{ match: 'type' }], combine: 'AND' };
const contract = JSON.stringify({
  consumer: { name: 'shop' },
  provider: { name: 'parcels' },
  interactions: [
    {
      description: 'a request for a parcel',
      providerStates: [{ name: 'a bearer token' }],
      request: {
        method: 'GET',
        path: '/v2/parcels/P2',
        headers: { Authorization: 'Bearer token' },
        generators: { header: { Authorization: { type: 'ProviderState', expression: 'Bearer ${accessToken}' } } },
      },
      response: {
        status: 200,
        headers: { 'Content-Type': 'application/json' },
        body: { id: 'P2', state: 'on its way' },
        matchingRules: { body: { '$.id': matchType, '$.state': matchType } },
      },
    },
  ],
  metadata: { pactSpecification: { version: '3.0.0' } },
});

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder({
    'parcels.yaml': spec('id, state'),
    'next.yaml': spec('id'),
    'accounts/rossi.yaml': account,
    'contracts/shop-parcels.json': contract,
  });
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

/** The name of the tool may stand in an output, nothing of the API that it bundles. */
const ofTheBundledApi = /Arzamed External|clinic|doctor|equipe|bianchi|nextgen|photo/i;

function ofParcels(...texts: string[]): string {
  const text = texts.join('\n');
  expect(text).not.toMatch(ofTheBundledApi);
  return text;
}

test('exec runs a program against it', async () => {
  const program = [
    'TOKEN=$(curl -sS -u "$PARCELS_CLIENT_ID:$PARCELS_CLIENT_SECRET" -d grant_type=client_credentials "$PARCELS_TOKEN_URL"',
    '| sed \'s/.*"access_token":"\\([^"]*\\)".*/\\1/\')',
    '; curl -sS -H "Authorization: Bearer $TOKEN" "$PARCELS_BASE_URL/parcels/P2"; printf " $PARCELS_TOKEN_URL"',
  ].join(' ');
  const options = [
    '--spec',
    `${folder.path}/parcels.yaml`,
    '--clinics',
    `${folder.path}/accounts`,
    '--env-prefix',
    'PARCELS',
  ];
  const { code, stdout } = await execHere(folder.path, options, 'sh', '-c', program);
  expect({ code, stdout: ofParcels(stdout) }).toEqual({
    code: 0,
    stdout: '{"id":"P2","state":"on its way"} https://id.parcels.example/token',
  });
});

test('types describes it', async () => {
  const { code } = await arzamedIn(folder.path, 'types', '--spec', 'parcels.yaml', '--out', 'types.ts');
  expect(code).toBe(0);
  expect(ofParcels(await readFile(`${folder.path}/types.ts`, 'utf8'))).toContain('Parcel: {');
});

test('verify holds contract, document and mock against each other, and writes reports', async () => {
  const reports = ['report.html', 'report.md', 'report.xml', 'report.json'];
  const { code, stdout, stderr } = await arzamedIn(
    folder.path,
    'verify',
    '--spec',
    'parcels.yaml',
    '--clinics',
    'accounts',
    '--contracts',
    'contracts',
    ...reports.flatMap((report) => ['--report', report]),
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: reports.map((report) => `Wrote ${report}\n`).join('') });
  expect(ofParcels(stdout)).toContain('1 contract, parcels.yaml, the mock: ');
  for (const report of reports) ofParcels(await readFile(`${folder.path}/${report}`, 'utf8'));
});

test('diff says whom a new document touches', async () => {
  const { code, stdout } = await arzamedIn(
    folder.path,
    'diff',
    'parcels.yaml',
    'next.yaml',
    '--contracts',
    'contracts',
  );
  expect(code).toBe(1);
  expect(ofParcels(stdout)).toContain('was required, is optional');
  expect(stdout).toContain('a request for a parcel');
});

test('diff and verify without --contracts take those of the project, and none of the bundled API', async () => {
  const diff = await arzamedIn(folder.path, 'diff', 'parcels.yaml', 'next.yaml');
  const verify = await arzamedIn(folder.path, 'verify', '--spec', 'parcels.yaml');
  expect(ofParcels(diff.stdout, verify.stdout)).toContain('contracts/shop-parcels.json: a request for a parcel');
  expect(verify.stdout).toContain('Used: parcels.yaml; the contracts of contracts; the mock with one account.');
});

test('verify says what it used', async () => {
  const named = ['--spec', 'parcels.yaml', '--accounts', 'accounts', '--contracts', 'contracts'];
  const { stdout } = await arzamedIn(folder.path, 'verify', ...named);
  expect(stdout).toContain('Used: parcels.yaml; the contracts of contracts; the mock with the accounts in accounts.');
});

inLong('verify can leave the contracts out', async () => {
  const { code, stdout } = await arzamedIn(folder.path, 'verify', '--contracts', 'none');
  expect(code).toBe(0);
  expect(stdout).toContain('no contracts, as --contracts none says; the mock with the bundled clinics.');
});
