// Random pairs of schemas: what Ajv accepts by one and refuses by the other is a change that the diff must have seen.
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { diffSpecifications } from '../../src/diff/diff.ts';
import type { OpenApiDocument } from '../../src/openapi/document.ts';
import { SchemaChecker } from '../../src/openapi/schema-checker.ts';
import { runs } from '../support/runs.ts';

type Schema = Record<string, unknown>;
type Part = 'request' | 'response';

const root = ['components', 'schemas', 'Root'];

function documentOf(schema: unknown, one: unknown = {}): OpenApiDocument {
  return {
    openapi: '3.1.0',
    info: { title: 'Things', version: '1' },
    components: { schemas: { Root: schema, One: one } },
  };
}

function changesOf(part: Part, before: OpenApiDocument, after: OpenApiDocument): ReturnType<typeof diffSpecifications> {
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Root' } } };
  const operation =
    part === 'request'
      ? { requestBody: { content }, responses: {} }
      : { responses: { 200: { description: '', content } } };
  const paths = { '/things': { post: operation } };
  return diffSpecifications({ ...before, paths }, { ...after, paths });
}

/** Some of the keywords, each now and then. */
function some(keywords: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Schema> {
  const each = Object.entries(keywords).map(([keyword, value]) =>
    fc.option(value, { freq: 2, nil: undefined }).map((found) => (found === undefined ? {} : { [keyword]: found })),
  );
  return fc.tuple(...each).map((found): Schema => Object.assign({}, ...found));
}

const small = fc.integer({ min: 0, max: 3 });
const never = fc.constant(false);
const texts = fc.constantFrom('', 'a', 'b', 'ab', '2024-01-31');
const scalars = fc.oneof(
  fc.constantFrom<Schema>(
    { type: 'string' },
    { type: 'integer' },
    { type: ['string', 'null'] },
    { type: 'boolean' },
    {},
  ),
  some({
    minLength: small,
    maxLength: small,
    pattern: fc.constantFrom('^a', '^[ab]+$', 'b$', '^a?b?$', '.'),
    format: fc.constantFrom('date', 'uuid', 'word'),
  }).map((limits) => ({ type: 'string', ...limits })),
  fc
    .tuple(
      fc.constantFrom('integer', 'number'),
      some({
        minimum: small,
        maximum: small,
        exclusiveMinimum: small,
        exclusiveMaximum: small,
        multipleOf: fc.constantFrom(1, 2, 4, 0.5),
        format: fc.constantFrom('int32', 'int64'),
      }),
    )
    .map(([type, limits]) => ({ type, ...limits })),
  fc
    .uniqueArray(fc.oneof(texts, small, fc.constantFrom(null, true)), { minLength: 1, maxLength: 3 })
    .map((list) => ({ enum: list })),
  fc.oneof(texts, small).map((only) => ({ const: only })),
);

const names = fc.constantFrom('a', 'b');

const schemas: fc.Arbitrary<Schema> = fc.letrec<{ schema: Schema; inner: Schema; object: Schema; array: Schema }>(
  (tie) => ({
    inner: fc.oneof({ maxDepth: 1 }, scalars, tie('schema')),
    object: some({
      properties: fc.dictionary(names, tie('inner'), { maxKeys: 2 }),
      required: fc.uniqueArray(names, { maxLength: 2 }),
      additionalProperties: fc.oneof(never, scalars),
      patternProperties: fc.dictionary(fc.constantFrom('^a', 'b$'), scalars, { maxKeys: 1 }),
      propertyNames: fc.constantFrom({ maxLength: 1 }, { pattern: '^[ab]' }, { enum: ['a', 'b'] }),
      minProperties: small,
      maxProperties: small,
      dependentRequired: fc.constantFrom({ a: ['b'] }, { b: ['a'] }),
      dependentSchemas: fc.constantFrom({ a: { required: ['b'] } }, { b: { maxProperties: 1 } }),
      unevaluatedProperties: never,
    }).map((keywords) => ({ type: 'object', ...keywords })),
    array: some({
      items: fc.oneof(never, tie('inner')),
      prefixItems: fc.array(scalars, { minLength: 1, maxLength: 2 }),
      minItems: small,
      maxItems: small,
      uniqueItems: fc.boolean(),
      contains: scalars,
      minContains: small,
      maxContains: small,
      unevaluatedItems: never,
    }).map((keywords) => ({ type: 'array', ...keywords })),
    schema: fc.oneof(
      { maxDepth: 3 },
      { weight: 3, arbitrary: scalars },
      { weight: 3, arbitrary: tie('object') },
      { weight: 3, arbitrary: tie('array') },
      { weight: 1, arbitrary: fc.tuple(tie('object'), tie('object')).map((all) => ({ allOf: all })) },
      { weight: 2, arbitrary: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((all) => ({ anyOf: all })) },
      { weight: 1, arbitrary: fc.tuple(tie('object'), scalars).map(([one, other]) => ({ ...one, not: other })) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(tie('object'), names)
          .map(([one, name]) => ({ ...one, if: { required: [name] }, else: { maxProperties: 1 } })),
      },
      { weight: 1, arbitrary: tie('object').map((one) => ({ ...one, $ref: '#/components/schemas/One' })) },
    ),
  }),
).schema;

/** Mostly two that have much in common. */
const pairs = fc.tuple(schemas, schemas, fc.nat()).map(([one, other, at]): [Schema, Schema] => {
  const keys = Object.keys(one);
  const key = keys[at % Math.max(1, keys.length)] ?? '';
  const { [key]: _, ...rest } = one;
  return at % 3 === 0 ? [one, other] : at % 3 === 1 ? [one, rest] : [one, { ...one, ...other }];
});

/** What a reference leads to, and nothing leads back from. */
const referred = schemas.filter((schema) => !JSON.stringify(schema).includes('$ref'));

test('a value that one side accepts and the other refuses is a change that is told, or said not to be decided', () => {
  let seen = 0;
  fc.assert(
    fc.property(pairs, referred, fc.boolean(), fc.boolean(), ([one, other], more, flip, sends) => {
      const [was, is] = flip ? [other, one] : [one, other];
      const [before, after] = [documentOf(was, more), documentOf(is, more)];
      const part = sends ? 'request' : 'response';
      const changes = changesOf(part, before, after);
      // A new property may have been sent before, as anything.
      if (changes.some(({ severity, rule }) => severity !== 'non-breaking' || rule === 'property-added')) return;
      const [from, into] = sends ? [before, after] : [after, before];
      const [takes, refuses] = [takerOf(from), takerOf(into)];
      const values = near.filter(takes);
      seen += values.length;
      const refused = values.filter((value) => !refuses(value));
      expect({ part, was, is, more, changes, refused }).toEqual({ part, was, is, more, changes, refused: [] });
    }),
    {
      seed: 3,
      numRuns: runs(60, 120),
      endOnFailure: true,
    },
  );
  expect(seen).toBeGreaterThan(runs(3, 25));
});

/** Whether Ajv takes a value. */
function takerOf(document: OpenApiDocument): (value: unknown) => boolean {
  const checker = new SchemaChecker(document);
  return (value) => checker.check(root, value).length === 0;
}

const near: readonly unknown[] = [
  null, true, false, 0, 1, 2, 3, 4, 0.5, 1.5, -1, 2 ** 40, '', 'a', 'b', 'ab', 'ba', 'abab', '2024-01-31',
  [], ['a'], ['a', 'a'], [0], [0, 1], ['a', 0], [0, 0, 0], [null], [0, 1, 2, 3],
  {}, { a: 'a' }, { a: 1 }, { b: 1 }, { a: 'a', b: 'b' }, { a: 0, b: 0 }, { a: null }, { a: [] }, { a: {} },
]; // prettier-ignore

/** The same schema in other words. */
const rewrites: Readonly<Record<string, (schema: Schema) => Schema>> = {
  'in one part of allOf': (schema) => ({ allOf: [schema] }),
  'in one alternative of anyOf': (schema) => ({ anyOf: [schema] }),
  'in one alternative of oneOf': (schema) => ({ oneOf: [schema] }),
  'said twice': (schema) => ({ allOf: [schema, schema] }),
  'twice an alternative': (schema) => ({ anyOf: [schema, schema] }),
  'with what is so anyway': (schema) => ({
    minItems: 0,
    minLength: 0,
    minProperties: 0,
    uniqueItems: false,
    ...schema,
  }),
  'types as alternatives': ({ type, ...others }) =>
    Array.isArray(type)
      ? { ...others, anyOf: type.map((each) => ({ type: String(each) })) }
      : { ...others, ...(type === undefined ? {} : { type }) },
  'a constant as a list': ({ const: only, ...others }) => (only === undefined ? others : { ...others, enum: [only] }),
  'a list as alternatives': ({ enum: list, ...others }) =>
    Array.isArray(list) ? { ...others, anyOf: list.map((each: unknown) => ({ const: each })) } : others,
  described: (schema) => ({ ...schema, description: 'What it is.', 'x-more': 1 }),
};

test.each(Object.keys(rewrites))('a schema %s is no change', (name) => {
  fc.assert(
    fc.property(schemas, referred, (schema, more) => {
      const { [name]: rewrite = (same: Schema): Schema => same } = rewrites;
      const other = rewrite(schema);
      const [before, after] = [documentOf(schema, more), documentOf(other, more)];
      const found = (['request', 'response'] as const).flatMap((part) => [
        ...changesOf(part, before, after),
        ...changesOf(part, after, before),
      ]);
      expect({ schema, other, more, found }).toEqual({ schema, other, more, found: [] });
    }),
    {
      seed: 4,
      numRuns: 10,
      endOnFailure: true,
    },
  );
});
