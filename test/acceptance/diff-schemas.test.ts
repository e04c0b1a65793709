// What `arzamed diff` sees within schemas that say the same thing in several places.
import { describe, expect, test } from '@jest/globals';
import { diffHere, type DiffChange } from '../support/in-process.ts';

type Json = Record<string, unknown>;
type Version = '3.0.3' | '3.1.0';

/** Text and Box are what references lead to. */
const schemas = {
  Text: { type: 'string' },
  Box: { type: 'object', properties: { name: { type: 'string' }, size: { type: 'integer' } } },
};

function api(part: 'request' | 'response', schema: Json, openapi: Version): Json {
  const content = { 'application/json': { schema: { type: 'object', properties: { at: schema } } } };
  const operation =
    part === 'request'
      ? { requestBody: { required: true, content }, responses: { 204: { description: 'Kept.' } } }
      : { responses: { 200: { description: 'Kept.', content } } };
  return {
    openapi,
    info: { title: 'Things', version: '1.0.0' },
    servers: [{ url: 'https://things.example' }],
    paths: { '/things': { post: { operationId: 'keepThing', ...operation } } },
    components: { schemas },
  };
}

/** The exit code, and the breaking changes. */
async function diff(
  part: 'request' | 'response',
  [before, after]: readonly [Json, Json],
  version: Version = '3.1.0',
): Promise<{ code: number; breaking: DiffChange[] }> {
  const { code, report } = await diffHere(api(part, before, version), api(part, after, version));
  return { code, breaking: report.changes.filter(({ severity }) => severity === 'breaking') };
}

const nothing = { code: 0, breaking: [] };
const something = {
  code: 1,
  breaking: expect.arrayContaining([expect.objectContaining({ operation: 'POST /things' })]),
};

const box = { $ref: '#/components/schemas/Box' };
const text = { $ref: '#/components/schemas/Text' };
const map = (values: unknown): Json => ({ type: 'object', additionalProperties: values });
const properties = (given: Json): Json => ({ type: 'object', properties: given });
const [string, integer] = [{ type: 'string' }, { type: 'integer' }];
const needing = (...required: string[]): Json => ({ type: 'object', required });

type Change = [name: string, before: Json, after: Json];

/** Objects that take fewer properties than before. */
const closed: Change[] = [
  [
    'additionalProperties is false now',
    properties({ name: string }),
    { ...properties({ name: string }), additionalProperties: false },
  ],
  ['additionalProperties was true and is false', map(true), map(false)],
  [
    'additionalProperties is false now in a part of allOf',
    { allOf: [properties({ name: string })] },
    { allOf: [{ ...properties({ name: string }), additionalProperties: false }] },
  ],
  ['unevaluatedProperties is false now beside allOf', { allOf: [box] }, { allOf: [box], unevaluatedProperties: false }],
  [
    'additionalProperties has a schema now',
    properties({ name: string }),
    { ...properties({ name: string }), additionalProperties: integer },
  ],
];

/** Schemas that take fewer values than before, where another place says the old thing still. */
const narrowed: Change[] = [
  ['the values of additionalProperties are integers, no longer numbers', map({ type: 'number' }), map(integer)],
  ['the values of additionalProperties have a bound', map(string), map({ ...string, maxLength: 5 })],
  [
    'the values of additionalProperties need a property',
    map(properties({ a: string })),
    map({ ...properties({ a: string }), required: ['a'] }),
  ],
  [
    'minLength is tightened beside a part of allOf with the old one',
    { ...string, minLength: 1, allOf: [{ minLength: 1 }] },
    { ...string, minLength: 10, allOf: [{ minLength: 1 }] },
  ],
  [
    'maximum is tightened beside a part of allOf with the old one',
    { ...integer, maximum: 9, allOf: [{ maximum: 9 }] },
    { ...integer, maximum: 5, allOf: [{ maximum: 9 }] },
  ],
  [
    'minItems is new beside a part of allOf with a lower one',
    { type: 'array', items: string, allOf: [{ minItems: 1 }] },
    { type: 'array', items: string, minItems: 3, allOf: [{ minItems: 1 }] },
  ],
  [
    'maxLength is tightened in the first of two parts of allOf',
    { allOf: [{ ...string, maxLength: 9 }, { maxLength: 9 }] },
    { allOf: [{ ...string, maxLength: 5 }, { maxLength: 9 }] },
  ],
  [
    'enum is narrowed in allOf beside an enum',
    { enum: ['a', 'b', 'c'], allOf: [{ enum: ['a', 'b', 'c'] }] },
    { enum: ['a', 'b', 'c'], allOf: [{ enum: ['a', 'b'] }] },
  ],
  [
    'enum is narrowed in the second of two parts of allOf',
    { allOf: [{ enum: ['a', 'b', 'c'] }, { enum: ['a', 'b', 'c'] }] },
    { allOf: [{ enum: ['a', 'b', 'c'] }, { enum: ['a'] }] },
  ],
  [
    'const is new in allOf beside an enum',
    { enum: ['a', 'b'], allOf: [{ ...string }] },
    { enum: ['a', 'b'], allOf: [{ ...string, const: 'a' }] },
  ],
  [
    'a property is narrowed where a part of allOf names it',
    { ...properties({ size: { type: 'number' } }), allOf: [properties({ size: { description: 'How long it is.' } })] },
    { ...properties({ size: integer }), allOf: [properties({ size: { description: 'How long it is.' } })] },
  ],
  [
    'a property is narrowed in the first of two parts of allOf that name it',
    { allOf: [properties({ size: integer }), properties({ size: { maximum: 9 } })] },
    { allOf: [properties({ size: { ...integer, minimum: 1 } }), properties({ size: { maximum: 9 } })] },
  ],
  [
    'items are narrowed where a part of allOf has items',
    { type: 'array', items: string, allOf: [{ items: string }] },
    { type: 'array', items: string, allOf: [{ items: { ...string, maxLength: 5 } }] },
  ],
  [
    'anyOf is narrowed beside oneOf',
    { oneOf: [needing('a'), needing('b')], anyOf: [needing('c'), needing('d')] },
    { oneOf: [needing('a'), needing('b')], anyOf: [needing('c')] },
  ],
  [
    'oneOf is narrowed in the second of two parts of allOf',
    { allOf: [{ oneOf: [needing('a'), needing('b')] }, { oneOf: [needing('c'), needing('d')] }] },
    { allOf: [{ oneOf: [needing('a'), needing('b')] }, { oneOf: [needing('c')] }] },
  ],
  ['maxLength is new beside $ref', text, { ...text, maxLength: 5 }],
  ['maxLength is tightened beside $ref', { ...text, maxLength: 9 }, { ...text, maxLength: 5 }],
  ['enum is new beside $ref', text, { ...text, enum: ['a', 'b'] }],
  ['a property is required beside $ref', box, { ...box, required: ['name'] }],
  ['a property is narrowed beside $ref', box, { ...box, properties: { size: { maximum: 9 } } }],
];

/** Neither takes what the other takes. */
const changed: Change[] = [
  ['the values of additionalProperties are of another type', map(string), map(integer)],
  [
    'a property is of another type where a part of allOf names it',
    { ...properties({ size: string }), allOf: [properties({ size: { description: 'How long it is.' } })] },
    { ...properties({ size: integer }), allOf: [properties({ size: { description: 'How long it is.' } })] },
  ],
  [
    'anyOf has another alternative beside oneOf',
    { oneOf: [needing('a'), needing('b')], anyOf: [needing('c'), needing('d')] },
    { oneOf: [needing('a'), needing('b')], anyOf: [needing('c'), needing('e')] },
  ],
];

describe('a body that takes less than before breaks its senders', () => {
  test.each([...closed, ...narrowed, ...changed])('%s', async (_name, before, after) => {
    expect(await diff('request', [before, after])).toEqual(something);
  });
});

describe('an answer that may be more than before breaks its readers', () => {
  test.each([...narrowed, ...changed])('the other way round: %s', async (_name, before, after) => {
    expect(await diff('response', [after, before])).toEqual(something);
  });
});

describe('a body that takes more than before breaks nothing', () => {
  test.each([...closed, ...narrowed])('the other way round: %s', async (_name, before, after) => {
    expect(await diff('request', [after, before])).toEqual(nothing);
  });
});

describe('an answer that may be less than before breaks nothing', () => {
  test.each([...closed, ...narrowed])('%s', async (_name, before, after) => {
    expect(await diff('response', [before, after])).toEqual(nothing);
  });
});

describe('the same thing said in another way breaks nothing', () => {
  const [short, long] = [{ minLength: 1 }, { minLength: 10 }];
  test.each<Change>([
    [
      'additionalProperties: true is written out',
      properties({ name: string }),
      { ...properties({ name: string }), additionalProperties: true },
    ],
    [
      'additionalProperties: {} is written out',
      properties({ name: string }),
      { ...properties({ name: string }), additionalProperties: {} },
    ],
    [
      'a bound is restated in allOf',
      { ...string, minLength: 5 },
      { ...string, minLength: 5, allOf: [{ minLength: 5 }] },
    ],
    ['a looser bound is added in allOf', { ...string, minLength: 5 }, { ...string, minLength: 5, allOf: [short] }],
    [
      'a bound is looser beside a part of allOf that is as tight as before',
      { ...string, minLength: 5, allOf: [{ minLength: 5 }] },
      { ...string, minLength: 2, allOf: [{ minLength: 5 }] },
    ],
    [
      'parts of allOf with two bounds change places',
      { ...string, allOf: [short, long] },
      { ...string, allOf: [long, short] },
    ],
    ['an enum is restated in allOf', { enum: ['a', 'b'] }, { enum: ['a', 'b'], allOf: [{ enum: ['b', 'a'] }] }],
    ['a wider enum is added in allOf', { enum: ['a', 'b'] }, { enum: ['a', 'b'], allOf: [{ enum: ['a', 'b', 'c'] }] }],
    [
      'an enum is wider beside a part of allOf with the old one',
      { enum: ['a', 'b'], allOf: [{ enum: ['a', 'b'] }] },
      { enum: ['a', 'b', 'c'], allOf: [{ enum: ['a', 'b'] }] },
    ],
    [
      'properties change places in a part of allOf',
      { allOf: [properties({ a: string, b: integer })] },
      { allOf: [properties({ b: integer, a: string })] },
    ],
    [
      'parts of allOf that name one property change places',
      { allOf: [properties({ a: string }), properties({ a: { maxLength: 9 } })] },
      { allOf: [properties({ a: { maxLength: 9 } }), properties({ a: string })] },
    ],
    [
      'a property moves into a part of allOf',
      properties({ a: string, b: integer }),
      { ...properties({ a: string }), allOf: [properties({ b: integer })] },
    ],
    [
      'a bound of a property moves into a part of allOf',
      properties({ a: { ...string, maxLength: 9 } }),
      { ...properties({ a: string }), allOf: [properties({ a: { maxLength: 9 } })] },
    ],
    [
      'alternatives of anyOf change places beside oneOf',
      { oneOf: [needing('a'), needing('b')], anyOf: [needing('c'), needing('d')] },
      { oneOf: [needing('b'), needing('a')], anyOf: [needing('d'), needing('c')] },
    ],
    ['a description is new beside $ref', text, { ...text, description: 'How it is called.' }],
    ['what stands beside $ref moves into allOf', { ...text, maxLength: 9 }, { allOf: [text], maxLength: 9 }],
    ['what stands beside $ref says what it leads to', text, { ...text, type: 'string' }],
  ])('%s', async (_name, before, after) => {
    for (const part of ['request', 'response'] as const) {
      expect(await diff(part, [before, after])).toEqual(nothing);
      expect(await diff(part, [after, before])).toEqual(nothing);
    }
  });

  test('what stands beside $ref is nothing in OpenAPI 3.0', async () => {
    for (const part of ['request', 'response'] as const) {
      expect(await diff(part, [text, { ...text, maxLength: 5 }], '3.0.3')).toEqual(nothing);
      expect(await diff(part, [{ ...text, maxLength: 5 }, text], '3.0.3')).toEqual(nothing);
    }
  });
});
