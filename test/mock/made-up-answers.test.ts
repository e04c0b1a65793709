// Answers that no example gives: valid by the documented schema, and in the form of their media type.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Mock } from '../../src/mock/index.ts';
import { openMock } from '../../src/mock/start-mock.ts';
import { parseObject } from '../../src/util/json.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Schemas that mean the same in OpenAPI 3.0 and 3.1. */
const common: Record<string, object | boolean> = {
  pattern: { type: 'string', pattern: String.raw`^[A-Z]{3}-\d{4}$` },
  patternAndLength: { type: 'string', pattern: '^[a-z]+$', minLength: 40, maxLength: 45 },
  lookAhead: { type: 'string', pattern: String.raw`^(?=.*\d)[a-z\d]{8,}$` },
  distinct: { type: 'array', minItems: 5, uniqueItems: true, items: { type: 'integer' } },
  distinctTexts: { type: 'array', minItems: 3, uniqueItems: true, items: { type: 'string', pattern: '^[A-Z]{2}$' } },
  distinctObjects: {
    type: 'array',
    minItems: 2,
    uniqueItems: true,
    items: { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } },
  },
  multiple: { type: 'integer', multipleOf: 7, minimum: 1 },
  hundredths: { type: 'number', multipleOf: 0.01, minimum: 3.5, maximum: 3.6 },
  narrow: { type: 'number', minimum: 0.2, maximum: 0.3 },
  negative: { type: 'integer', maximum: -5 },
  large: { type: 'integer', minimum: 4_000_000 },
  length: { type: 'string', minLength: 30 },
  short: { type: 'string', maxLength: 3 },
  fewProperties: { type: 'object', maxProperties: 1, additionalProperties: { type: 'string' } },
  manyProperties: { type: 'object', minProperties: 4, additionalProperties: { type: 'string' } },
  someProperties: {
    type: 'object',
    maxProperties: 2,
    required: ['c'],
    properties: { a: { type: 'string' }, b: { type: 'string' }, c: { type: 'string' } },
  },
  tree: { $ref: '#/components/schemas/Node' },
  forest: { $ref: '#/components/schemas/Forest' },
  overlapping: {
    oneOf: [
      { type: 'integer', multipleOf: 3 },
      { type: 'integer', multipleOf: 5 },
    ],
  },
  overlappingObjects: {
    oneOf: [
      { type: 'object', properties: { a: { type: 'string' } } },
      { type: 'object', required: ['b'], properties: { b: { type: 'string' } } },
    ],
  },
  notThese: { type: 'string', not: { enum: ['string', ''] } },
  notBoth: {
    type: 'object',
    properties: { a: { type: 'string' }, b: { type: 'string' } },
    not: { required: ['a', 'b'] },
  },
  undescribed: { type: 'object', required: ['a', 'b'], properties: { a: { type: 'integer' } } },
  both: {
    allOf: [
      { type: 'object', required: ['a'], properties: { a: { type: 'integer', minimum: 5 } } },
      { type: 'object', properties: { a: { type: 'integer', multipleOf: 4 } } },
    ],
  },
  ...Object.fromEntries(
    'byte duration date date-time time uuid email hostname ipv4 ipv6 uri uri-reference json-pointer regex int32 int64 float double'
      .split(' ')
      .map((format) => [
        `format-${format}`,
        { type: /^(?:int|float|double)/.test(format) ? 'number' : 'string', format },
      ]),
  ),
};

/** Schemas of OpenAPI 3.1 alone. */
const newer: Record<string, object | boolean> = {
  tuple: { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }], minItems: 2, items: false },
  contains: { type: 'array', items: { type: 'integer' }, contains: { minimum: 5 }, minContains: 2 },
  ifThen:
    parseObject(`{
    "type": "object",
    "required": ["k"],
    "properties": { "k": { "enum": ["x", "y"] }, "z": { "type": "integer" } },
    "if": { "properties": { "k": { "const": "x" } } },
    "then": { "required": ["z"] },
    "else": { "required": ["y"] }
  }`) ?? false,
  dependentRequired: {
    type: 'object',
    required: ['a'],
    properties: { a: { type: 'string' } },
    dependentRequired: { a: ['b'] },
  },
  dependentSchemas: {
    type: 'object',
    required: ['a'],
    properties: { a: { type: 'string' } },
    dependentSchemas: { a: { required: ['n'], properties: { n: { type: 'integer', minimum: 9 } } } },
  },
  besideReference: {
    $ref: '#/components/schemas/Leaf',
    required: ['v', 'w'],
    properties: { w: { type: 'boolean' } },
  },
  patternProperties: {
    type: 'object',
    patternProperties: { '^x-[a-z]{3}$': { type: 'integer' } },
    additionalProperties: false,
    minProperties: 2,
  },
  propertyNames: {
    type: 'object',
    propertyNames: { pattern: '^[A-Z]{4}$' },
    additionalProperties: { type: 'integer' },
    minProperties: 2,
  },
  never: { type: 'object', required: ['a'], properties: { a: true, b: false } },
  dynamic: { $ref: '#/components/schemas/Tree' },
  exclusive: { type: 'integer', exclusiveMinimum: 4, exclusiveMaximum: 6 },
  constant: { const: { a: [1, null] } },
  unevaluated: {
    allOf: [{ type: 'object', properties: { a: { type: 'string' } } }],
    required: ['a'],
    unevaluatedProperties: false,
  },
};

const components = {
  schemas: {
    Leaf: { type: 'object', required: ['v'], properties: { v: { type: 'integer' } } },
    Node: {
      type: 'object',
      required: ['v'],
      properties: { v: { type: 'integer' }, next: { $ref: '#/components/schemas/Node' } },
    },
    Forest: {
      type: 'object',
      required: ['trees', 'parent'],
      properties: {
        trees: { type: 'array', items: { $ref: '#/components/schemas/Forest' } },
        parent: { anyOf: [{ $ref: '#/components/schemas/Forest' }, { type: 'string', maxLength: 5 }] },
      },
    },
    Tree: {
      $dynamicAnchor: 'node',
      type: 'object',
      required: ['v'],
      properties: { v: { type: 'integer' }, kids: { type: 'array', items: { $dynamicRef: '#node' } } },
    },
  },
};

const read = (content: object): object => ({ get: { responses: { 200: { description: 'An answer.', content } } } });
const json = (schema: unknown): object => read({ 'application/json': { schema } });

const account = {
  type: 'object',
  required: ['id', 'password'],
  properties: { id: { type: 'integer' }, password: { type: 'string', writeOnly: true } },
};
const pet = {
  type: 'object',
  xml: { name: 'pet', namespace: 'urn:pets', prefix: 'p' },
  properties: {
    id: { type: 'integer', xml: { attribute: true } },
    name: { type: 'string', xml: { name: 'called' } },
    tags: { type: 'array', xml: { wrapped: true }, items: { type: 'string', xml: { name: 'tag' } } },
    friends: { type: 'array', items: { type: 'string' } },
  },
};
const petExample = { id: 7, name: 'A & <B>', tags: ['x', 'y'], friends: ['u', 'v'] };
const forms: Record<string, object> = {
  account: json(account),
  accounts: json({ type: 'array', items: account }),
  impossible: json({ type: 'integer', minimum: 5, maximum: 4 }),
  wrongExample: read({ 'application/json': { schema: { type: 'integer' }, example: 'one' } }),
  jsonText: read({ 'application/json': { schema: { type: 'object' }, example: ' {"a": 1}' } }),
  noJsonText: read({ 'application/json': { schema: { type: 'object' }, example: '{ "a": …' } }),
  jsonAsText: read({ 'text/plain': { schema: { type: 'object' }, example: { a: 1 } } }),
  wrongParts: read({
    'application/json': {
      schema: {
        type: 'object',
        properties: {
          id: { type: 'integer' },
          name: { type: 'string' },
          born: { type: 'string', format: 'date' },
          tags: { type: 'array', items: { type: 'string', enum: ['a'] } },
          kind: { oneOf: [{ type: 'integer' }, { type: 'object', properties: { of: { enum: ['x'] } } }] },
        },
      },
      example: { id: 1, name: 'Ada', born: 'then', tags: [null], kind: { of: 'x', also: 1 } },
    },
  }),
  lacking: read({
    'application/json': {
      schema: { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } },
      example: { name: 'Ada' },
    },
  }),
  surplus: read({
    'application/json': {
      schema: { type: 'object', additionalProperties: false, properties: { name: { type: 'string' } } },
      example: { name: 'Ada', id: 1 },
    },
  }),
  plainXml: read({
    'application/xml': { schema: { type: 'object', properties: { a: { type: 'string' } } }, example: { a: 'x' } },
  }),
  namedXml: read({ 'text/xml': { schema: pet, example: petExample } }),
  xmlText: read({ 'application/xml': { schema: { type: 'string' }, example: '<a/>' } }),
  xmlWord: read({ 'application/xml': { schema: { type: 'string', xml: { name: 'word' } }, example: 'a & b' } }),
  page: read({ 'text/html': { schema: { type: 'object', properties: { a: { type: 'string' } } } } }),
  number: read({ 'text/plain': { schema: { type: 'integer', minimum: 3 } } }),
  form: read({
    'application/x-www-form-urlencoded': { schema: { type: 'object' }, example: { a: 'x y', b: 1 } },
  }),
  lines: read({ 'application/x-ndjson': { schema: { type: 'object' }, example: [{ a: 1 }, { a: 2 }] } }),
};

function documentOf(openapi: string, paths: Record<string, object>): object {
  const { Tree, ...older } = components.schemas;
  const schemas = openapi.startsWith('3.0') ? older : { ...older, Tree };
  const located = Object.fromEntries(Object.entries(paths).map(([name, item]) => [`/${name}`, item]));
  return { openapi, info: { title: 'Shapes', version: '1' }, paths: located, components: { schemas } };
}

const jsons = (schemas: Record<string, unknown>): Record<string, object> =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, json(schema)]));

const warnings: string[] = [];
const mocks = new Map<string, Mock>();
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder({
    '3.0.3.json': JSON.stringify(documentOf('3.0.3', jsons(common))),
    '3.1.0.json': JSON.stringify(documentOf('3.1.0', { ...jsons({ ...common, ...newer }), ...forms })),
  });
  for (const version of ['3.0.3', '3.1.0']) {
    const warn = (sentence: string): unknown => warnings.push(sentence);
    mocks.set(version, await openMock({ spec: `${folder.path}/${version}.json` }, { warn }));
  }
});
afterAll(async () => {
  for (const mock of mocks.values()) await mock.close();
  await folder[Symbol.asyncDispose]();
});

async function get(name: string, headers: Record<string, string> = {}, version = '3.1.0'): Promise<Response> {
  return fetch(`${mocks.get(version)?.url}/${name}`, { headers });
}

// 3.51 is a multiple of 0.01, though not when it is divided in binary.
const ajv = new Ajv2020({ strict: false, multipleOfPrecision: 6 });
addFormats.default(ajv);

function violations(schema: object | boolean, value: unknown): unknown {
  const validate = ajv.compile(typeof schema === 'object' ? { ...schema, components } : schema);
  return validate(value) ? null : { value, errors: validate.errors };
}

describe.each([
  ['3.0.3', common],
  ['3.1.0', { ...common, ...newer }],
])('OpenAPI %s', (version, schemas) => {
  test.each(Object.keys(schemas))('a made-up answer is valid: %s', async (name) => {
    const response = await get(name, {}, version);
    const value: unknown = await response.json();
    expect(violations(schemas[name] ?? false, value)).toBeNull();
  });
});

test.each(Object.keys({ ...common, ...newer }))('a dynamic answer is valid: %s', async (name) => {
  const response = await get(name, { Prefer: 'dynamic=true' });
  const value: unknown = await response.json();
  expect(violations({ ...common, ...newer }[name] ?? false, value)).toBeNull();
});

test('a made-up answer is the same each time', async () => {
  const [first, second] = [await (await get('distinct')).text(), await (await get('distinct')).text()];
  expect(second).toBe(first);
});

test('a made-up answer has no property that is only written', async () => {
  expect(await (await get('account')).json()).toEqual({ id: expect.any(Number) });
  expect(await (await get('accounts')).json()).toEqual([{ id: expect.any(Number) }]);
});

test('a schema that no value keeps is named, once, with the keyword', async () => {
  await get('impossible');
  await get('impossible');
  const found = warnings.filter((each) => each.includes('/impossible'));
  expect(found).toEqual([expect.stringMatching(/GET \/impossible .* \((?:minimum|maximum)\)/)]);
});

test('an example that its schema forbids is served as it is to a request that names it', async () => {
  expect(await (await get('wrongExample', { Prefer: 'example=default' })).json()).toBe('one');
});

test.each([
  ['wrongExample', 0],
  [
    'wrongParts',
    { id: 1, name: 'Ada', born: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), tags: ['a'], kind: { of: 'x', also: 1 } },
  ],
  ['lacking', { name: 'Ada', id: 0 }],
  ['surplus', { name: 'Ada' }],
])('an example has a made-up value where its schema forbids it, and there alone: %s', async (name, sent) => {
  expect(await (await get(name)).json()).toEqual(sent);
});

describe('XML', () => {
  test('an object without names of XML is in the form of Prism', async () => {
    const response = await get('plainXml');
    expect(response.headers.get('content-type')).toBe('application/xml');
    expect(await response.text()).toBe(`<xml><a>x</a></xml>`);
  });

  test('elements and attributes have the names of the schema', async () => {
    expect(await (await get('namedXml')).text()).toBe(
      `<p:pet xmlns:p="urn:pets" id="7"><called>A &amp; &lt;B&gt;</called>` +
        `<tags><tag>x</tag><tag>y</tag></tags><friends>u</friends><friends>v</friends></p:pet>`,
    );
  });

  test('a word is the text of an element', async () => {
    expect(await (await get('xmlWord')).text()).toBe('<word>a &amp; b</word>');
  });

  test('a text is sent as it is', async () => {
    expect(await (await get('xmlText')).text()).toBe('<a/>');
  });
});

test('an object where the document promises text is refused with a reason', async () => {
  const response = await get('page');
  expect(response.status).toBe(406);
  expect(await response.json()).toEqual({
    message: 'The document describes an object under text/html, which the mock cannot write.',
  });
});

test('an example that is JSON in a text, where the schema takes no text, is what the text says', async () => {
  expect(await (await get('jsonText')).json()).toEqual({ a: 1 });
});

test('an example that is a text, where the schema takes none, gives way to what is made up', async () => {
  expect(await (await get('noJsonText')).json()).toEqual({});
});

test.each([
  ['jsonAsText', /^\{"a":1\}$/],
  ['number', /^[3-9]\d*$|^\d{2,}$/],
  ['form', /^a=x\+y&b=1$/],
  ['lines', /^\{"a":1\}\n\{"a":2\}\n$/],
])('a %s is in the form of its media type', async (name, text) => {
  expect(await (await get(name)).text()).toMatch(text);
});
