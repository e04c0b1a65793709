import * as fc from 'fast-check';
import type { OpenApiDocument } from '../../../src/openapi/document.ts';

type Schema = Record<string, unknown>;

/** A document with one schema, and the parts that it may refer to. */
export function documentWith(schema: unknown, version: string): OpenApiDocument {
  const components = { schemas: { Root: version.startsWith('3.0') ? old(schema) : schema } };
  const text = JSON.stringify({ openapi: version, info: { title: 'Things', version: '1' }, paths: {}, components });
  const document: OpenApiDocument = JSON.parse(text);
  return document;
}

/** In OpenAPI 3.0 null stands beside the type, and there is no `const`. */
function old(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(old);
  if (typeof value !== 'object' || value === null) return value;
  const {
    type,
    const: only,
    ...rest
  }: Schema = Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, key === 'enum' || key === 'const' ? each : old(each)]),
  );
  const types = [type].flat().filter((each) => each !== 'null' && each !== undefined);
  return {
    ...rest,
    ...(types.length === 1 ? { type: types[0] } : {}),
    ...(types.length === 1 && [type].flat().includes('null') ? { nullable: true } : {}),
    ...(only === undefined ? {} : { enum: [only] }),
  };
}

/** A schema that allows the example, mostly, and other values. */
export function schemaFor(example: unknown): fc.Arbitrary<Schema | boolean> {
  const own = plainFor(example);
  return fc.oneof(
    { weight: 8, arbitrary: own },
    { weight: 1, arbitrary: own.map((schema) => ({ allOf: [schema] })) },
    { weight: 1, arbitrary: fc.tuple(own, own).map(([one, other]) => ({ allOf: [one, other] })) },
    { weight: 1, arbitrary: fc.tuple(own, loose).map(([one, other]) => ({ anyOf: [one, other] })) },
    { weight: 1, arbitrary: fc.tuple(own, loose).map(([one, other]) => ({ oneOf: [one, other] })) },
    { weight: 1, arbitrary: fc.tuple(own, loose).map(([one, other]) => ({ ...one, not: other })) },
    { weight: 1, arbitrary: loose },
  );
}

const loose: fc.Arbitrary<Schema> = fc.constantFrom<Schema>(
  {},
  { type: 'null' },
  { type: 'string' },
  { type: 'integer' },
  { type: 'number' },
  { type: 'boolean' },
  { type: 'object' },
  { type: 'array', items: {} },
);

function plainFor(example: unknown): fc.Arbitrary<Schema> {
  if (Array.isArray(example)) return arrayFor(example);
  if (typeof example === 'object' && example !== null) return objectFor(Object.entries(example));
  const type = example === null ? 'null' : typeof example;
  const types: fc.Arbitrary<Schema> = fc.constantFrom<Schema>(
    { type },
    { type: type === 'number' && Number.isInteger(example) ? 'integer' : type },
    { type: [type, 'null'] },
  );
  const limits =
    typeof example === 'string'
      ? textLimits(example)
      : typeof example === 'number'
        ? numberLimits(example)
        : fc.constant({});
  return fc.oneof(
    { weight: 3, arbitrary: types },
    { weight: 3, arbitrary: fc.tuple(types, limits).map(([one, other]) => ({ ...one, ...other })) },
    { weight: 1, arbitrary: fc.constant({ const: example }) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom('a', 1, true, null)
        .map((other) => ({ enum: JSON.stringify(other) === JSON.stringify(example) ? [example] : [example, other] })),
    },
  );
}

function textLimits(example: string): fc.Arbitrary<Schema> {
  return fc.constantFrom<Schema>(
    { minLength: 1 },
    { maxLength: example.length },
    { pattern: '^[ab]*$' },
    { pattern: '\\d' },
    { pattern: 'a' },
    { format: 'date' },
    { minLength: 1, pattern: '^[a-c]+$' },
  );
}

function numberLimits(example: number): fc.Arbitrary<Schema> {
  return fc.constantFrom<Schema>(
    { minimum: example },
    { maximum: example + 2 },
    { minimum: example, maximum: example },
    { multipleOf: 0.5 },
    { minimum: 2.1, maximum: 2.9 },
  );
}

function arrayFor(example: readonly unknown[]): fc.Arbitrary<Schema> {
  const items = example.length > 0 ? schemaFor(example[0]) : loose;
  const bounds = fc.constantFrom<Schema>(
    {},
    { minItems: 1 },
    { maxItems: 2 },
    { minItems: example.length, maxItems: example.length },
    { minItems: 1, maxItems: 3 },
  );
  return fc.tuple(items, bounds).map(([each, limits]) => ({ type: 'array', items: each, ...limits }));
}

function objectFor(entries: readonly [string, unknown][]): fc.Arbitrary<Schema> {
  const properties = fc.record(Object.fromEntries(entries.map(([key, value]) => [key, schemaFor(value)])), {
    noNullPrototype: true,
  });
  const names = entries.map(([key]) => key);
  const required = fc.oneof({ weight: 3, arbitrary: fc.constant(names) }, { weight: 1, arbitrary: fc.subarray(names) });
  const more = fc.constantFrom<Schema>(
    {},
    { additionalProperties: false },
    { additionalProperties: { type: 'string' } },
    { minProperties: 1 },
  );
  return fc.tuple(properties, required, more).map(([all, must, limits]) => ({
    type: 'object',
    properties: all,
    ...(must.length > 0 ? { required: must } : {}),
    ...limits,
  }));
}
