// What is read of schemas, and what the diff says of them, is held against Ajv.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { diffSpecifications } from '../../src/diff/diff.ts';
import type { OpenApiDocument } from '../../src/openapi/document.ts';
import { SchemaChecker } from '../../src/openapi/schema-checker.ts';
import { boundOf, canonical, propertyOf, requiredOf, SchemaReader, valuesOf } from '../../src/openapi/schema.ts';
import { jsonTypeOf, valueAt } from '../../src/util/json.ts';
import { runs } from '../support/runs.ts';
import { json, near } from '../verify/guarantee/arbitraries.ts';
import { documentWith, schemaFor } from '../verify/guarantee/schema-arbitraries.ts';

const root = ['components', 'schemas', 'Root'];

/** A schema, and another that it may refer to. */
interface Schemas {
  schema: unknown;
  one: unknown;
}

/** Schemas for one example, said in ways that put several together. */
function combined(example: unknown): fc.Arbitrary<Schemas> {
  const $ref = '#/components/schemas/One';
  return fc
    .tuple(schemaFor(example), schemaFor(example))
    .chain(([one, other]) =>
      fc.constantFrom<Schemas>(
        { one, schema: other },
        { one, schema: { allOf: [{ $ref }, other] } },
        { one, schema: { ...Object(other), $ref } },
        { one, schema: { anyOf: [{ $ref }, { type: 'object', required: ['a'] }] } },
        { one, schema: { ...Object(other), allOf: [{ $ref }] } },
      ),
    );
}

function documentOf({ schema, one }: Schemas, version: string): OpenApiDocument {
  const document = documentWith(schema, version);
  Object.assign(Object(document.components).schemas, { One: valueAt(documentWith(one, version), root) });
  return document;
}

const cases = json.chain((example) =>
  fc.record({
    version: fc.constantFrom('3.0.3', '3.1.0'),
    before: combined(example),
    after: combined(example),
    values: fc.array(fc.oneof(near(example), json), { minLength: 15, maxLength: 15 }),
  }),
);

function accepted(document: OpenApiDocument, values: readonly unknown[]): unknown[] {
  const checker = new SchemaChecker(document);
  return values.filter((value) => checker.check(root, value).length === 0);
}

/** What a value is by none of the ways in which it may keep the schema. */
function contradictions(reader: SchemaReader, value: unknown): string[] {
  const found = reader.expand([root], 'cut').map((branch): string[] => {
    const names = Object.keys(Object(value));
    const isObject = jsonTypeOf(value) === 'object';
    const [values, least, longest] = [valuesOf(branch), boundOf(branch, 'minimum'), boundOf(branch, 'maxLength')];
    return [
      ...(values?.every((each) => canonical(each) !== canonical(value)) ? ['values'] : []),
      ...(isObject && [...requiredOf(branch)].some((name) => !names.includes(name)) ? ['required'] : []),
      ...(isObject && names.some((name) => propertyOf(branch, name) === 'nothing') ? ['property'] : []),
      ...(typeof value === 'number' && value < (least ?? -Infinity) ? ['minimum'] : []),
      ...(typeof value === 'string' && value.length > (longest ?? Infinity) ? ['maxLength'] : []),
    ];
  });
  const types = reader.types(reader.read([root]));
  return [
    ...(types.has(jsonTypeOf(value)) ? [] : ['type']),
    ...(found.some((each) => each.length === 0) ? [] : ['branch', ...found.flat()]),
  ];
}

test('what is read of a schema holds for each value that Ajv accepts', () => {
  let seen = 0;
  fc.assert(
    fc.property(cases, ({ version, before, values }) => {
      const document = documentOf(before, version);
      const reader = new SchemaReader(document);
      for (const value of accepted(document, values)) {
        seen += 1;
        expect({ value, contradictions: contradictions(reader, value) }).toEqual({ value, contradictions: [] });
      }
    }),
    { seed: 1, numRuns: 150, endOnFailure: true },
  );
  expect(seen).toBeGreaterThan(300);
});

test('a change that breaks no sender refuses no value that Ajv accepted', () => {
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Root' } } };
  const paths = { '/things': { post: { requestBody: { content }, responses: {} } } };
  let seen = 0;
  fc.assert(
    fc.property(cases, ({ version, before, after, values }) => {
      // That `not` is not looked at, and `oneOf` taken for `anyOf`, docs/diff.md says.
      if (/"(?:oneOf|not)":/.test(JSON.stringify([before, after]))) return;
      const [was, is] = [documentOf(before, version), documentOf(after, version)];
      const changes = diffSpecifications({ ...was, paths }, { ...is, paths });
      // A new property may have been sent before, as anything.
      if (changes.some(({ severity, rule }) => severity === 'breaking' || rule === 'property-added')) return;
      const taken = accepted(was, values);
      seen += taken.length;
      expect({ before, after, changes, taken: accepted(is, taken) }).toEqual({ before, after, changes, taken });
    }),
    { seed: 2, numRuns: runs(250, 600), endOnFailure: true },
  );
  expect(seen).toBeGreaterThan(80);
});

describe('what a reference has evaluated', () => {
  const one = { type: 'object', properties: { b: {} }, patternProperties: { '^n': { type: 'integer' } } };
  const whole = { $ref: '#/components/schemas/One', patternProperties: { '^a': {} }, unevaluatedProperties: false };
  const document = { openapi: '3.1.0', components: { schemas: { One: one, Whole: whole } } };
  const checker = new SchemaChecker(document);
  const check = (value: unknown): number => checker.check(['components', 'schemas', 'Whole'], value).length;

  test('is not needed where the value does not keep it', () => {
    expect(check({ n: 'no number', a: 1 })).toBeGreaterThan(0);
  });

  test('is of one value alone', () => {
    expect(check({ a1: 1, b: 1 })).toBe(0);
    expect(check({ c: 1 })).toBeGreaterThan(0);
  });
});
