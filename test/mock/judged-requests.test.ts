// Which requests a document allows, and which operation each is for: parameters of all styles (OpenAPI 3.1, section
// 4.8.12), bodies of all media types, percent-encoding (RFC 3986, section 6.2.2), servers, HEAD and OPTIONS.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const numbers = { type: 'array', items: { type: 'integer' } };
const size = { type: 'object', required: ['w'], properties: { w: { type: 'integer' }, tags: numbers } };
const answer = {
  200: { description: 'A number.', content: { 'application/json': { schema: { type: 'object' }, example: { n: 5 } } } },
};
const inPath = (style: string, schema: object, explode = false): object => ({
  get: {
    parameters: [{ name: 'p', in: 'path', required: true, style, explode, schema }],
    responses: answer,
  },
});
const taking = (parameter: object): object => ({
  get: { parameters: [{ in: 'query', required: true, ...parameter }], responses: answer },
});
const accepting = (content: object, responses: object = answer): object => ({
  post: { requestBody: { required: true, content }, responses },
});
const named = (operationId: string, method = 'get'): object => ({
  [method]: {
    operationId,
    responses: {
      200: { description: 'Its id.', content: { 'application/json': { schema: {}, example: operationId } } },
    },
  },
});

const paths: Record<string, object> = {
  '/simple/{p}': inPath('simple', numbers),
  '/simple-object/{p}': inPath('simple', size),
  '/simple-object-exploded/{p}': inPath('simple', size, true),
  '/label/{p}': inPath('label', numbers),
  '/label-exploded/{p}': inPath('label', size, true),
  '/matrix/{p}': inPath('matrix', numbers),
  '/matrix-exploded/{p}': inPath('matrix', numbers, true),
  '/exploded-object': taking({ name: 'f', schema: size }),
  '/optional-object': taking({ name: 'f', required: false, schema: size }),
  '/plain-object': taking({ name: 'f', explode: false, schema: size }),
  '/deep': taking({ name: 'f', style: 'deepObject', schema: { ...size, additionalProperties: false } }),
  '/spaces': taking({ name: 'f', style: 'spaceDelimited', explode: false, schema: numbers }),
  '/pipes': taking({ name: 'f', style: 'pipeDelimited', explode: false, schema: numbers }),
  '/commas': taking({ name: 'f', explode: false, schema: numbers }),
  '/repeated': taking({ name: 'f', schema: numbers }),
  '/any': taking({
    name: 'f',
    schema: {
      anyOf: [
        { type: 'array', items: { type: 'string' } },
        { type: 'string', enum: ['all'] },
      ],
    },
  }),
  '/one': taking({ name: 'f', schema: { oneOf: [{ type: 'integer' }, { type: 'string' }] } }),
  '/text': taking({ name: 'q', schema: { type: 'string' } }),
  '/number': taking({ name: 'q', schema: { type: 'integer' } }),
  '/untyped': taking({ name: 'q', schema: { pattern: '^a' } }),
  '/text-or-object': taking({ name: 'q', schema: { anyOf: [size, { type: 'string' }] } }),
  '/empty-allowed': taking({ name: 'q', allowEmptyValue: true, schema: { type: 'integer' } }),
  '/json': taking({ name: 'q', content: { 'application/json': { schema: size } } }),
  '/header': taking({ name: 'X-Numbers', in: 'header', schema: numbers }),
  '/cookie': taking({ name: 'sid', in: 'cookie', schema: { type: 'integer' } }),
  '/form': accepting({
    'application/x-www-form-urlencoded': {
      schema: {
        type: 'object',
        required: ['t'],
        additionalProperties: false,
        properties: { t: numbers, size, piped: numbers },
      },
      encoding: { piped: { style: 'pipeDelimited', explode: false } },
    },
  }),
  '/multipart': accepting({
    'multipart/form-data': {
      schema: {
        type: 'object',
        properties: { j: size, list: numbers, file: { type: 'string', format: 'binary' }, xml: { type: 'object' } },
      },
      encoding: { xml: { contentType: 'application/xml' } },
    },
  }),
  '/xml': accepting({ 'application/xml': { schema: size } }),
  '/lines': accepting({ 'application/x-ndjson': { schema: size } }),
  '/short': accepting({ 'text/plain': { schema: { type: 'string', maxLength: 3 } } }),
  '/several': accepting({
    'application/json': { schema: { type: 'object', required: ['plain'] } },
    'application/hal+json': { schema: { type: 'object', required: ['_links'] } },
  }),
  '/vendor': accepting({ 'application/vnd.x+json': { schema: { type: 'object' } } }),
  '/vendor-415': accepting(
    { 'application/vnd.x+json': { schema: { type: 'object' } } },
    { ...answer, 415: { description: 'Not this type.', content: { 'application/json': { example: 'no' } } } },
  ),
  '/read-only': accepting({
    'application/json': {
      schema: { type: 'object', required: ['id', 'w'], properties: { id: { type: 'integer', readOnly: true }, w: {} } },
    },
  }),
  '/a%20b/à/{id}:archive': named('encoded'),
  '/served': { ...named('own', 'get'), servers: [{ url: 'https://a.test/{tenant}/v2' }] },
  '/list?kind=book': named('books'),
  '/list?kind=film': named('films'),
  '/list': named('all'),
  '/call#Action=Start': named('start'),
  '/call#X-Target=Stop': named('stop'),
  '/call#X-Size': named('size'),
};
const spec = JSON.stringify({
  openapi: '3.0.3',
  info: { title: 'Requests', version: '1' },
  servers: [{ url: 'https://a.test/' }, { url: 'https://a.test/caf%C3%A9' }],
  paths,
});

let mock: Mock;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder({ 'spec.json': spec });
  mock = await startUsualMock({ spec: `${folder.path}/spec.json` });
});
afterAll(async () => {
  await mock.close();
  await folder[Symbol.asyncDispose]();
});

async function statusOf(target: string, init: RequestInit = {}): Promise<number> {
  const response = await fetch(mock.url + target, init);
  await response.text();
  return response.status;
}

describe('a parameter of the path', () => {
  test.each([
    ['/simple/1', 200],
    ['/simple/1,2', 200],
    ['/simple/1,x', 422],
    ['/simple-object/w,1', 200],
    ['/simple-object/w,x', 422],
    ['/simple-object-exploded/w=1', 200],
    ['/simple-object-exploded/v=1', 422],
    ['/label/.1,2', 200],
    ['/label/.1.2', 200],
    ['/label/1,2', 422],
    ['/label-exploded/.w=1', 200],
    ['/matrix/;p=1,2', 200],
    ['/matrix/;q=1,2', 422],
    ['/matrix-exploded/;p=1;p=2', 200],
    ['/matrix-exploded/;p=1;p=x', 422],
  ])('%s is answered with %i', async (target, status) => {
    expect(await statusOf(target)).toBe(status);
  });
});

describe('a parameter of the query', () => {
  test.each([
    ['/exploded-object?w=1&other=x', 200],
    ['/exploded-object?w=1&tags=1', 200],
    ['/exploded-object?w=x', 422],
    ['/exploded-object', 422],
    ['/optional-object', 200],
    ['/plain-object?f=w,1', 200],
    ['/plain-object?f=w,x', 422],
    ['/deep?f[w]=1&f[tags][]=1&f[tags][]=2', 200],
    ['/deep?f[w]=1&f[tags][0]=1', 200],
    ['/deep?f%5Bw%5D=1', 200],
    ['/deep?f[w]=1&f[x]=1', 422],
    ['/deep?w=1', 422],
    ['/spaces?f=1%202', 200],
    ['/spaces?f=1,2', 422],
    ['/pipes?f=1|2', 200],
    ['/pipes?f=1%7C2', 200],
    ['/commas?f=1,2', 200],
    ['/commas?f=1%2C2', 200],
    ['/commas?f=1|2', 422],
    ['/repeated?f=1&f=2', 200],
    ['/repeated?f=1', 200],
    ['/repeated?f=1&f=x', 422],
    ['/any?f=1', 200],
    ['/any?f=1&f=2', 200],
    ['/one?f=1', 200],
    ['/text?q=', 200],
    ['/text?q', 200],
    ['/text?Q=1', 422],
    ['/text', 422],
    ['/number?q=', 422],
    ['/untyped?q=a', 200],
    ['/untyped?q=b&other=1', 422],
    ['/untyped?other=1', 422],
    ['/text-or-object?q=a', 200],
    ['/text-or-object?w=1', 200],
    ['/text-or-object?other=1', 422],
    ['/empty-allowed?q=', 200],
    ['/json?q={"w":1}', 200],
    ['/json?q={"w":"x"}', 422],
    ['/json?q=w', 422],
  ])('%s is answered with %i', async (target, status) => {
    expect(await statusOf(target)).toBe(status);
  });
});

test.each([
  ['/header', { 'x-numbers': '1, 2' }, 200],
  ['/header', { 'x-numbers': '1, x' }, 422],
  ['/header', {}, 422],
  ['/cookie', { Cookie: 'a=b; sid=7' }, 200],
  ['/cookie', { Cookie: 'sid=x' }, 422],
  ['/cookie', {}, 422],
])('%s with the headers %j is answered with %i', async (target, headers, status) => {
  expect(await statusOf(target, { headers: Object.entries(headers) })).toBe(status);
});

describe('a form', () => {
  test.each([
    ['t=1&t=2', 200],
    ['t=1', 200],
    ['t=x', 422],
    ['t=1&surplus=1', 422],
    ['t=1&size[w]=1', 200],
    ['t=1&size={"w":1}', 200],
    ['t=1&size[w]=x', 422],
    ['t[]=1&t[]=2', 200],
    ['t=1&piped=1|2', 200],
  ])('%s is answered with %i', async (body, status) => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    expect(await statusOf('/form', { method: 'POST', headers, body })).toBe(status);
  });

  const part = (name: string, text: string, type?: string): string =>
    `--b\r\nContent-Disposition: form-data; name=${name}\r\n${type === undefined ? '' : `Content-Type: ${type}\r\n`}\r\n${text}\r\n`;
  test.each([
    ['with JSON in a part', part('j', '{"w":1}', 'application/json'), 200],
    ['with the wrong JSON in a part', part('j', '{"w":"x"}', 'application/json'), 422],
    ['with no JSON in its place', part('j', 'x'), 422],
    ['with a name in quotes', part('"j"', '{"w":1}'), 200],
    ['with a list', part('list', '1') + part('list', '2'), 200],
    ['with a file', `--b\r\nContent-Disposition: form-data; filename=f; name=file\r\n\r\n\u00ff\r\n`, 200],
    ['with XML in a part', part('xml', '<a/>', 'application/xml'), 200],
  ])('of parts, %s', async (_name, parts, status) => {
    const headers = { 'Content-Type': 'multipart/form-data; boundary=b' };
    expect(await statusOf('/multipart', { method: 'POST', headers, body: `${parts}--b--\r\n` })).toBe(status);
  });
});

describe('a body', () => {
  test.each([
    ['/xml', 'application/xml', '<size><w>1</w></size>', 200],
    ['/lines', 'application/x-ndjson', '{"w":1}\n{"w":2}', 200],
    ['/short', 'text/plain', 'abc', 200],
    ['/short', 'text/plain', 'abcd', 422],
    ['/several', 'application/json', '{"plain":1}', 200],
    ['/several', 'application/json', '{"_links":1}', 422],
    ['/several', 'application/hal+json', '{"_links":1}', 200],
    ['/several', 'application/hal+json', '{"plain":1}', 422],
    ['/vendor', 'application/vnd.x+json', '{}', 200],
    ['/vendor', 'application/json', '{}', 415],
    ['/vendor-415', 'application/json', '{}', 415],
    ['/read-only', 'application/json', '{"w":1}', 200],
    ['/read-only', 'application/json', '{"id":1}', 422],
  ])('for %s of %s: %s', async (target, type, body, status) => {
    expect(await statusOf(target, { method: 'POST', headers: { 'Content-Type': type }, body })).toBe(status);
  });

  test('that nobody can read is told, and one that is missing', async () => {
    const headers = { 'Content-Type': 'application/json' };
    expect(await statusOf('/read-only', { method: 'POST', headers, body: '{' })).toBe(400);
    expect(await statusOf('/read-only', { method: 'POST' })).toBe(422);
  });
});

test('the answer and the journal say which parameter is wrong, by its name', async () => {
  const response = await fetch(`${mock.url}/deep?f[w]=x`);
  expect(await response.json()).toMatchObject({
    status: 422,
    validation: [{ location: ['query', 'f', 'w'], message: 'Request query parameter f.w must be integer' }],
  });
  expect(mock.journal.find().at(-1)?.violations).toEqual(['query.f.w: Request query parameter f.w must be integer']);
});

describe('the operation of a path', () => {
  test.each([
    ['/a%20b/%C3%A0/7:archive', 'encoded'],
    ['/a%20b/%c3%a0/7%3Aarchive', 'encoded'],
    ['/caf%C3%A9/a%20b/%C3%A0/7:archive', 'encoded'],
    ['/acme/v2/served', 'own'],
    ['/list?kind=book', 'books'],
    ['/list?page=2&kind=film', 'films'],
    ['/list?kind=game', 'all'],
    ['/list', 'all'],
  ])('%s is %s', async (target, id) => {
    const response = await fetch(mock.url + target);
    expect([response.status, await response.json()]).toEqual([200, id]);
  });
});

test('an operation behind a # is meant by what stands there, in the query or a header', async () => {
  const ids = [
    await fetch(`${mock.url}/call?Action=Start`),
    await fetch(`${mock.url}/call`, { headers: { 'X-Target': 'Stop' } }),
    await fetch(`${mock.url}/call`, { headers: { 'X-Size': '3' } }),
  ];
  expect(await Promise.all(ids.map((response) => response.json()))).toEqual(['start', 'stop', 'size']);
  expect(await statusOf('/call')).toBe(404);
});

test('HEAD is answered as GET, without the body', async () => {
  const response = await fetch(`${mock.url}/list`, { method: 'HEAD' });
  expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
    200,
    'application/json',
    '',
  ]);
  expect(await statusOf('/text', { method: 'HEAD' })).toBe(422);
  expect(await statusOf('/xml', { method: 'HEAD' })).toBe(405);
});

test.each([
  ['/list', 'GET, HEAD, OPTIONS'],
  ['/xml', 'OPTIONS, POST'],
])('OPTIONS of %s says %s', async (target, allow) => {
  const response = await fetch(mock.url + target, { method: 'OPTIONS' });
  expect([response.status, response.headers.get('allow')]).toEqual([204, allow]);
});
