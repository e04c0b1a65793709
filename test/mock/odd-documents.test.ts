// Documents that other tools accept though OpenAPI does not: the mock serves them, and says what is odd, where, and what it
// does instead.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const old = `openapi: 3.0
info: { title: Parcels, version: '1', termsOfService: not a URI, description: { $ref: about.md } }
tags: [{ name: one, x: 1 }, {}]
servers: [{ url: 'https://<your-host>/v1' }]
x-answers: { '200': { description: Fine., content: { $ref: '#/x-content' } } }
x-content: { application/json: { $ref: '#/x-media' } }
x-media: { schema: { type: object }, example: { by: reference } }
paths:
  x-text: some text
  x-list: [a, b]
  no/slash: { get: { responses: {} } }
  /operation: { get: { $ref: 'parts/operation.yaml' } }
  /responses: { get: { responses: { $ref: '#/x-answers' } } }
  /parameters:
    get:
      operationId: twice
      parameters: { $ref: 'parts/parameters.yaml' }
      responses: { '200': { description: Fine., content: { application/json: { example: 1 } } } }
  /list:
    get:
      operationId: twice
      parameters: [{ $ref: 'parts/parameters.yaml' }]
      responses: { '200': { content: { application/json: { example: 2 } } } }
  /empty:
    description:
    parameters:
    get: { tags: , deprecated: 'no', surprise: 1, responses: { '200': { description: Fine., content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } }, '404': } }
  /bare: { get: { summary: 3, responses: { '200': { descripton: Fine. } } } }
  /silent: { get: { responses: { x-note: 1 } }, put: {} }
  /anyhow: { get: { responses: { '2XX': { $ref: '#/x-answers/200' } } }, put: { responses: { default: { $ref: '#/x-answers/200' } } } }
  /servers: { servers: [{ url: 'https://' }], get: { responses: { '200': { description: Fine., content: { application/json: { example: 3 } } } } } }
  /host: { servers: [{ url: 'api.parcels.example/v2' }], get: { responses: { '200': { description: Fine., content: { application/json: { example: 4 } } } } } }
components:
  schemas:
    $ref: parts/schemas.yaml
  securitySchemes: { certificate: { type: mutualTLS } }
`;
const parts = {
  'about.md': '# A title: and more\n',
  'parts/operation.yaml':
    'responses: { "200": { description: Fine., content: { application/json: { schema: { $ref: "schemas.yaml#/Note" }, example: { text: by reference } } } } }',
  'parts/parameters.yaml': '[{ name: a, in: query, required: true, schema: { type: string } }, { name: nowhere }]',
  'parts/schemas.yaml': `Note: { type: obejct, properties: { $ref: properties.yaml } }
Thing:
  type: object
  required: true
  properties:
    $id: { type: string, required: true, pattern: 0 }
    code: { type: [string, 'null'], pattern: '\\A[a-z]+\\Z', example: abc }
    name: { type: string, pattern: '(?i)abc', const: abc }
    mail: { type: string, pattern: '^[\\w-.]+\\@x$', example: a-b@x }
    pair: { type: array, items: [{ type: string }, { type: integer }] }
    nothing:
    word: text
    kind: { oneOf: [{ $ref: '#/Note' }], discriminator: { propertyName: kind, mapping: { note: '#/Note', lost: '#/Lost' } } }
    kindless: { oneOf: [{ $ref: '#/Note' }], discriminator: { mapping: { note: '#/Note' } } }
`,
  'parts/properties.yaml': 'text: { type: string, x-here: true }\nfrom: { $ref: "schemas.yaml#/Thing" }\n',
};

let mock: Mock;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder({ 'spec.yaml': old, ...parts });
  mock = await startUsualMock({ spec: `${folder.path}/spec.yaml` });
});
afterAll(async () => {
  await mock.close();
  await folder[Symbol.asyncDispose]();
});

async function get(path: string): Promise<[number, unknown]> {
  const response = await fetch(mock.url + path);
  const body: unknown = await response.json();
  return [response.status, body];
}

test.each([
  ['an operation in another file', '/v1/operation', { text: 'by reference' }],
  ['responses, content and a media type by reference', '/v1/responses', { by: 'reference' }],
  ['parameters by reference', '/v1/parameters?a=1', 1],
  ['a list of parameters among parameters', '/v1/list?a=1', 2],
  ['a server without a host', '/servers', 3],
  ['a server without a scheme', '/v2/host', 4],
])('%s', async (_name, path, answer) => {
  expect(await get(path)).toEqual([200, answer]);
});

test('a response that says nothing of itself is answered', async () => {
  const { status } = await fetch(`${mock.url}/v1/bare`);
  expect(status).toBe(200);
});

test.each(['/v1/parameters', '/v1/list'])('parameters by reference are checked: %s', async (path) => {
  expect((await get(path))[0]).toBe(422);
});

test('what no schema can be is left out of it, and the rest holds', async () => {
  expect(await get('/v1/empty')).toEqual([
    200,
    expect.objectContaining({ $id: 'string', code: 'abc', name: 'abc', mail: 'a-b@x' }),
  ]);
});

test('the later of two operations of one id is called by its method and path', () => {
  expect(mock.api.operations.map(({ id }) => id)).toEqual(expect.arrayContaining(['twice', 'GET /list']));
});

test.each([
  ['spec.yaml:1', '/openapi is 3, and the document is read as OpenAPI 3.0.3.'],
  ['spec.yaml:2', '/info/termsOfService must match format "uri-reference".'],
  ['spec.yaml:3', '/tags/0/x is not known to OpenAPI 3.0 at this place, and is ignored.'],
  ['spec.yaml:3', '/tags/1/name is missing.'],
  ['spec.yaml:4', '/servers/0/url is no URL, and stands for the path /v1: https://<your-host>/v1'],
  ['spec.yaml:11', '/paths/no~1slash does not begin with a slash and is ignored.'],
  ['spec.yaml:12', '/paths/~1operation/get/$ref stands where OpenAPI has no reference, and is followed.'],
  [
    'spec.yaml:20',
    '/paths/~1list/get/operationId is twice, as at /paths/~1parameters/get; this operation is called GET /list.',
  ],
  ['spec.yaml:23', '/paths/~1list/get/responses/200/description is missing.'],
  ['spec.yaml:25', '/paths/~1empty/description has no value and is ignored.'],
  ['spec.yaml:27', '/paths/~1empty/get/deprecated is a string, which it cannot be, and is ignored.'],
  [
    'spec.yaml:36',
    '/components/securitySchemes/certificate is no security scheme of OpenAPI 3.0, and is read as far as it goes.',
  ],
  ['spec.yaml:29', '/paths/~1silent/get has no responses; the mock answers 200 without a body.'],
  ['spec.yaml:29', '/paths/~1silent/put has no responses; the mock answers 200 without a body.'],
  ['parts/schemas.yaml:1', '/Note/type is obejct, which is no type of JSON, and is ignored; did you mean object?'],
  ['parts/schemas.yaml:4', '/Thing/required is a boolean, which it cannot be, and is ignored.'],
  ['parts/schemas.yaml:6', '/Thing/properties/$id/pattern is an integer, which it cannot be, and is ignored.'],
  [
    'parts/schemas.yaml:7',
    '/Thing/properties/code/pattern is no pattern of ECMA-262 with flag u, and is read as ^[a-z]+$',
  ],
  ['parts/schemas.yaml:7', '/components/schemas/Thing/properties/code/type is of OpenAPI 3.1, and is read as there.'],
  [
    'parts/schemas.yaml:8',
    '/Thing/properties/name/pattern is no pattern of ECMA-262 with flag u, and is ignored: (?i)abc',
  ],
  ['parts/schemas.yaml:13', '/Thing/properties/kind/discriminator/mapping/lost leads nowhere and is ignored: #/Lost'],
])('a warning has its place: %s', (place, sentence) => {
  expect(mock.api.warnings).toContain(`${folder.path}/${place}: ${sentence}`);
});

test.each(['GET', 'PUT'])('an operation without responses answers %s with 200 and no body', async (method) => {
  const answer = await fetch(`${mock.baseUrl}/silent`, { method });
  expect([answer.status, await answer.text()]).toEqual([200, '']);
});

test.each(['GET', 'PUT'])('a range alone, or a default alone, is the answer to %s', async (method) => {
  const answer = await fetch(`${mock.baseUrl}/anyhow`, { method });
  expect([answer.status, await answer.json()]).toEqual([200, { by: 'reference' }]);
});

test('an extension is no reason for a warning, and a pattern that only needs other escapes is none either', () => {
  expect(mock.api.warnings.filter((each) => /x-text|x-list|x-here|mail/.test(each))).toEqual([]);
});
