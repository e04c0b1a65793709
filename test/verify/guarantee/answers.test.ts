import { describe, expect, test } from '@jest/globals';
import { answering, openIn, verdictsOf, type Inline } from './inline.ts';

type Json = Record<string, unknown>;

const json = { 'Content-Type': 'application/json' };
const object = (properties: Json, required = Object.keys(properties)): Json => ({
  type: 'object',
  properties,
  required,
});
const rules = (all: Record<string, string>): Json => ({
  body: Object.fromEntries(Object.entries(all).map(([path, match]) => [path, { matchers: [{ match }] }])),
});
const type = "$.response.headers['Content-Type']";
const body = '$.response.body';

describe('the content type that a contract demands', () => {
  const answers = (described: string, headers: Json, header?: object): Inline => ({
    operation: { responses: { 200: { description: 'ok', content: { [described]: { schema: {} } } } } },
    response: { headers, ...(header ? { matchingRules: { header: { 'Content-Type': { matchers: [header] } } } } : {}) },
  });
  test.each<[string, string, string, string[]]>([
    [
      'with a charset that is not described',
      'application/json',
      'application/json; charset=utf-8',
      [`not verifiable content type ${type}`],
    ],
    ['with the charset that is described', 'application/json; charset=UTF-8', 'application/json;charset=utf-8', []],
    [
      'with another charset',
      'text/plain; charset=latin1',
      'text/plain; charset=utf-8',
      [`broken content type ${type}`],
    ],
    ['without the charset that is described', 'application/json; charset=utf-8', 'application/json', []],
    [
      'with a parameter that is not described',
      'application/json',
      'application/json;v=2',
      [`not verifiable content type ${type}`],
    ],
    [
      'with a parameter of another value',
      'application/json;v=1',
      'application/json;v=2',
      [`broken content type ${type}`],
    ],
  ])('%s', (_name, described, expected, found) => {
    expect(openIn(answers(described, { 'Content-Type': expected }))).toEqual(found);
  });

  test.each<[string, string, string[]]>([
    ['asks for a charset', '^application/json; ?charset=utf-8$', [`not verifiable content type ${type}`]],
    ['allows any parameters', '^application/json(;.*)?$', []],
    ['asks for another type', '^text/html.*$', [`broken content type ${type}`]],
  ])('a rule that %s', (_name, regex, found) => {
    const example = { 'Content-Type': 'application/json; charset=utf-8' };
    expect(openIn(answers('application/json', example, { match: 'regex', regex }))).toEqual(found);
  });

  test('is told with both ways out', () => {
    const inline = answers('application/json', { 'Content-Type': 'application/json; charset=utf-8' });
    const verdict = verdictsOf(inline).find(({ result }) => result !== 'holds');
    expect(verdict?.sentence).toMatch(/Leave charset=utf-8 out of the contract.*or describe the content as/);
  });

  test('that stands alone where no content is described', () => {
    const inline: Inline = {
      operation: { responses: { 204: { description: 'gone' } } },
      response: { status: 204, headers: json },
    };
    const verdict = verdictsOf(inline).find(({ result }) => result !== 'holds');
    expect(verdict?.sentence).toContain('requires the header Content-Type (application/json)');
  });
});

describe('media types that differ in parameters only', () => {
  const v1 = { schema: { ...object({ name: { type: 'string' } }), additionalProperties: false } };
  const v2 = { schema: { ...object({ title: { type: 'string' } }), additionalProperties: false } };
  const content = { 'application/json;v=1': v1, 'application/json;v=2': v2 };
  const operation = { requestBody: { content }, responses: { 200: { description: 'ok', content } } };
  const with2 = { 'Content-Type': 'application/json;v=2' };
  const sent = { headers: { ...with2, Accept: 'application/json;v=2' }, body: { title: 'x' } };
  const answered = { headers: with2, body: { title: 'x' }, matchingRules: rules({ '$.title': 'type' }) };

  test('are told apart, in request and answer', () => {
    expect(openIn({ method: 'post', operation, request: sent, response: answered })).toEqual([]);
  });

  test('are both possible where the contract does not say which', () => {
    const either = { headers: json, body: { name: 'x' }, matchingRules: rules({ '$.name': 'type' }) };
    const found = openIn({ operation: { responses: operation.responses }, response: either });
    expect(found).toContain(`not verifiable property ${body}.name`);
  });
});

describe('a value without a rule', () => {
  test.each<[string, Json, unknown, string[]]>([
    ['an integer among numbers', { type: 'number' }, 1, [`not verifiable value ${body}.a`]],
    ['a fraction among numbers', { type: 'number' }, 2.5, [`not verifiable value ${body}.a`]],
    ['one of numbers that are listed', { enum: [1, 2.5] }, 1, []],
    ['null of a nullable object', { type: 'object', nullable: true }, null, [`not verifiable value ${body}.a`]],
    ['null where it is not allowed', { type: 'string' }, null, [`broken type ${body}.a`]],
    ['a text among numbers', { type: 'number' }, 'x', [`broken type ${body}.a`]],
  ])('%s', (_name, schema, value, expected) => {
    const inline = { operation: answering(object({ a: schema })), response: { headers: json, body: { a: value } } };
    expect(openIn(inline).toSorted()).toEqual(expected);
  });
});

describe('a union whose kind the contract names', () => {
  const cat = object({ kind: { type: 'string', enum: ['cat'] }, meow: { type: 'string' } });
  const dog = object({ kind: { type: 'string', enum: ['dog'] }, bark: { type: 'string' } });
  const both = { oneOf: [cat, dog] };
  const meowing = (more: Json = {}): Json => ({
    headers: json,
    body: { kind: 'cat', meow: 'x' },
    matchingRules: rules({ '$.meow': 'type' }),
    ...more,
  });

  test.each<[string, Json, Json, string[]]>([
    ['has what its alternative requires', both, meowing(), []],
    [
      'has nothing of the other alternative',
      both,
      meowing({ body: { kind: 'cat', bark: 'x' }, matchingRules: rules({ '$.bark': 'type' }) }),
      [`broken property ${body}.bark`],
    ],
    [
      'may be of any kind where the contract asks for its type alone',
      both,
      meowing({ matchingRules: rules({ '$.meow': 'type', '$.kind': 'type' }) }),
      [`broken required ${body}.meow`],
    ],
    [
      'has a kind that the union does not',
      both,
      meowing({ body: { kind: 'cow', meow: 'x' } }),
      [`broken required ${body}.meow`, `broken value ${body}.kind`],
    ],
    [
      'is told by a kind within',
      {
        oneOf: [
          object({ of: object({ k: { enum: ['a'] } }), x: { type: 'string' } }),
          object({ of: object({ k: { enum: ['b'] } }) }),
        ],
      },
      meowing({ body: { of: { k: 'a' }, x: 'y' }, matchingRules: rules({ '$.x': 'type' }) }),
      [],
    ],
  ])('%s', (_name, schema, response, expected) => {
    const found = openIn({ operation: answering(schema), response });
    expect(found.filter((each) => !/ (?:null|type) /.test(each)).toSorted()).toEqual(expected);
  });

  test('is told by a discriminator', () => {
    const kind = { type: 'string' };
    const schemas = {
      Cat: object({ kind, meow: { type: 'string' } }),
      Dog: object({ kind, bark: { type: 'string' } }),
    };
    const oneOf = ['Cat', 'Dog'].map((name) => ({ $ref: `#/components/schemas/${name}` }));
    const discriminator = { propertyName: 'kind', mapping: { cat: '#/components/schemas/Cat' } };
    const found = openIn({
      operation: answering({ oneOf, discriminator }),
      document: { components: { schemas } },
      response: meowing(),
    });
    expect(found).toEqual([`not verifiable value ${body}.kind`]);
  });
});

describe('readOnly and writeOnly', () => {
  const User = object({
    id: { type: 'integer', readOnly: true },
    name: { type: 'string' },
    password: { type: 'string', writeOnly: true },
  });
  const shapes: [string, Json][] = [
    ['in one schema', User],
    ['in parts', { type: 'object', allOf: [{ properties: User['properties'] }, { required: User['required'] }] }],
    ['by reference', { allOf: [{ $ref: '#/components/schemas/Base' }, { required: ['id', 'name', 'password'] }] }],
    ['in a union', { oneOf: [User, object({ other: { type: 'string' } })] }],
  ];
  const document = { components: { schemas: { Base: { type: 'object', properties: User['properties'] } } } };

  test.each(shapes)('a request needs no readOnly property, %s', (_name, schema) => {
    const operation = { requestBody: { content: { 'application/json': { schema } } } };
    const found = (sent: Json): string[] =>
      openIn({ method: 'post', operation, document, request: { headers: json, body: sent } });
    expect(found({ name: 'ada', password: 'pw' })).toEqual([]);
    expect(found({ id: 1, name: 'ada' })).toHaveLength(1);
  });

  test.each(shapes.slice(0, 3))('an answer has no writeOnly property, %s', (_name, schema) => {
    const answered = (value: Json): Json => ({ headers: json, body: value, matchingRules: rules({ $: 'type' }) });
    const found = (value: Json): string[] =>
      openIn({ operation: answering(schema), document, response: answered(value) });
    expect(found({ id: 1, name: 'ada' })).toEqual([]);
    expect(found({ id: 1, password: 'pw' })).toEqual([`broken required ${body}.password`]);
  });
});

test.each<[string, number, string[]]>([
  ['a multiple', 19.99, []],
  ['a large multiple', 123_456_789.01, []],
  ['no multiple', 19.995, ['broken body $.request.body.amount']],
])('a multiple of a cent is told as decimals are, %s', (_name, amount, expected) => {
  const schema = object({ amount: { type: 'number', multipleOf: 0.01 } });
  const operation = { requestBody: { content: { 'application/json': { schema } } } };
  expect(openIn({ method: 'post', operation, request: { headers: json, body: { amount } } })).toEqual(expected);
});

test('a UUID is of the form of RFC 4122', () => {
  const regex = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';
  const found = openIn({
    operation: answering(object({ id: { type: 'string', format: 'uuid' } })),
    response: {
      headers: json,
      body: { id: 'd9428888-122b-11e1-b85c-61cd3cbb3210' },
      matchingRules: { body: { '$.id': { matchers: [{ match: 'regex', regex }] } } },
    },
  });
  expect(found).toEqual([]);
});

describe('a rule for the status', () => {
  const described = (...statuses: number[]): Json => ({
    responses: Object.fromEntries(
      statuses.map((status) => [
        status,
        {
          description: 'x',
          content: { 'application/json': { schema: object({ id: { type: 'integer' } }, status < 300 ? ['id'] : []) } },
        },
      ]),
    ),
  });
  const answered = (status: unknown, more: Json = {}): Json => ({
    body: { content: { id: 1 }, contentType: 'application/json', encoded: false },
    matchingRules: { ...rules({ '$.id': 'type' }), status: { matchers: [{ match: 'statusCode', status }] } },
    ...more,
  });
  test.each<[string, Json, Json, string[]]>([
    ['accepts another status of the class', described(201), answered('success'), []],
    ['accepts no documented one', described(404), answered('success'), ['broken status $.response.status']],
    ['accepts a second one, which promises less', described(200, 404), answered('nonError'), []],
    [
      'accepts an error as well',
      described(404, 500),
      answered('error', { status: 404 }),
      [`broken required ${body}.id`, `not verifiable required ${body}.id`],
    ],
    ['refuses the status of its example', described(200), answered('clientError'), ['broken status $.response.status']],
    ['lists statuses', described(201), answered([200, 201]), []],
  ])('%s', (_name, operation, response, expected) => {
    expect(openIn({ operation, response, pact: '4.0' })).toEqual(expected);
  });
});

describe('a header', () => {
  const header = (schema: Json): Json => ({
    responses: {
      200: { description: 'ok', headers: { 'X-T': { required: true, schema }, Allow: { required: true, schema } } },
    },
  });
  const letters = { type: 'string', pattern: '^[a-z]+$' };
  const lists = { type: 'string', pattern: '^[a-z]+(, [a-z]+)?$' };
  const regex = { matchers: [{ match: 'regex', regex: '[a-z]+' }] };
  const open = "not verifiable value $.response.headers['X-T']";
  test.each<[string, Json, Json, Json, string, string[]]>([
    ['with a rule for its name', letters, { 'X-T': 'abc' }, { 'x-t': regex }, '3.0.0', []],
    [
      'with a rule for one of its values, which Pact does not apply',
      letters,
      { 'X-T': 'abc' },
      { 'X-T[0]': regex },
      '3.0.0',
      [open],
    ],
    [
      'with a rule for its path, which Pact does not apply',
      letters,
      { 'X-T': 'abc' },
      { '$.X-T': regex },
      '4.0',
      [open],
    ],
    ['with a value of one', { type: 'string', enum: ['a,b'] }, { 'X-T': 'a, b' }, {}, '3.0.0', []],
    ['in two lines', { type: 'string', enum: ['a, b'] }, { 'X-T': ['a', 'b'] }, {}, '3.0.0', [open]],
    ['that Pact splits, in a list', { type: 'string', enum: ['a, b'] }, { Allow: ['a', 'b'] }, {}, '3.0.0', []],
    [
      'that Pact splits, if each part keeps a rule',
      lists,
      { Allow: 'a, b' },
      { Allow: regex },
      '3.0.0',
      ['not verifiable pattern $.response.headers.Allow'],
    ],
    [
      'that Pact splits, if one part does not',
      { type: 'string', pattern: '^[a-z]+(, [0-9])?$' },
      { Allow: 'a' },
      { Allow: regex },
      '3.0.0',
      ['broken pattern $.response.headers.Allow'],
    ],
    [
      'that Pact does not split',
      lists,
      { 'X-T': 'a' },
      { 'X-T': regex },
      '3.0.0',
      ["broken pattern $.response.headers['X-T']"],
    ],
    [
      'that is a list of the document',
      { type: 'array', items: { type: 'integer' } },
      { 'X-T': '1, 2' },
      {},
      '3.0.0',
      [open],
    ],
  ])('%s', (_name, schema, headers, ruled, pact, expected) => {
    expect(
      openIn({ operation: header(schema), response: { headers, matchingRules: { header: ruled } }, pact }),
    ).toEqual(expected);
  });
});

test('an answer to HEAD has no body, whatever is described', () => {
  const operation = answering(object({ id: { type: 'integer' } }));
  expect(openIn({ method: 'head', operation, response: { body: null }, pact: '4.0' })).toEqual([]);
});

test.each<[string, Json, Json, string]>([
  [
    'a list that may be empty',
    { a: { type: 'array', items: { type: 'string' } } },
    { body: { a: ['x'] }, matchingRules: { body: { '$.a': { matchers: [{ match: 'type', min: 1 }] } } } },
    'The specification allows no items here; the contract requires at least 1 item. In the specification, say `minItems: 1`; or in the contract, accept no items, here or in a further interaction.',
  ],
  [
    'a text that may be null',
    { a: { type: 'string', nullable: true } },
    { body: { a: 'x' }, matchingRules: rules({ '$.a': 'type' }) },
    'The specification allows null here; the contract requires a string. In the specification, exclude null; or in the contract, expect null in a further interaction.',
  ],
])('what to do is told of %s', (_name, properties, response, sentence) => {
  const verdicts = verdictsOf({ operation: answering(object(properties)), response: { headers: json, ...response } });
  expect(verdicts.filter(({ result }) => result === 'broken').map((each) => each.sentence)).toEqual([sentence]);
});
