import { describe, expect, test } from '@jest/globals';
import { compileBody } from '../../../src/matching/compile.ts';
import { prove } from '../../../src/verify/guarantee/proof/prove.ts';
import { Schemas } from '../../../src/verify/guarantee/proof/schemas.ts';
import { flawsOf, readBodyRules } from '../../../src/pact/read-rules.ts';
import type { OpenApiDocument } from '../../../src/openapi/document.ts';

type Json = Record<string, unknown>;

/** What is said of a contract that demands the types of its example, `result rule place` each. */
function said(version: string, schema: Json, example: unknown, more: Json = {}): string[] {
  const components = { schemas: { Root: schema, ...more } };
  const text = JSON.stringify({ openapi: version, info: { title: 'Things', version: '1' }, paths: {}, components });
  const document: OpenApiDocument = JSON.parse(text);
  const rules = readBodyRules({ $: { matchers: [{ match: 'type' }] } }, flawsOf('x.json'));
  const findings = prove(new Schemas(document), ['components', 'schemas', 'Root'], compileBody(example, rules, '$'));
  return findings
    .filter(({ result }) => result !== 'holds')
    .map(({ result, rule, place }) => `${result} ${rule} ${place}`);
}

const object = (properties: Json, required = Object.keys(properties)): Json => ({
  type: 'object',
  properties,
  required,
});
const text = { type: 'string' };

describe('OpenAPI 3.1', () => {
  test.each<[string, Json, unknown, string[], Json?]>([
    ['a list of types', object({ a: { type: ['string', 'null'] } }), { a: 'x' }, ['broken null $.a']],
    ['const', object({ a: { const: 1 } }), { a: 1 }, []],
    ['const of another type', object({ a: { const: 'one' } }), { a: 1 }, ['broken type $.a']],
    ['an enum with null', object({ a: { enum: ['x', null] } }), { a: 'x' }, ['broken null $.a']],
    [
      'allOf, which requires in one part what another describes',
      { allOf: [object({ a: text }, []), { required: ['a'] }] },
      { a: 'x' },
      [],
    ],
    [
      'oneOf, and each has it',
      { oneOf: [object({ a: text, b: text }), object({ a: { type: 'string', minLength: 1 }, c: text })] },
      { a: 'x' },
      [],
    ],
    [
      'oneOf, and one has it not',
      { oneOf: [object({ a: text }), object({ b: { type: 'integer' } })] },
      { a: 'x' },
      ['broken null $.a', 'broken required $.a', 'broken type $.a'],
    ],
    ['anyOf with other types', object({ a: { anyOf: [text, { type: 'integer' }] } }), { a: 'x' }, ['broken type $.a']],
    [
      'a reference with something beside it',
      object({ a: { $ref: '#/components/schemas/Text', minLength: 2 } }),
      { a: 'x' },
      ['broken example $.a'],
      { Text: text },
    ],
    [
      'a schema that contains itself',
      { $ref: '#/components/schemas/Node' },
      { name: 'a', child: { name: 'b' } },
      ['broken required $.child'],
      { Node: object({ name: text, child: { $ref: '#/components/schemas/Node' } }, ['name']) },
    ],
    [
      'a schema that is nothing but itself',
      object({ a: { $ref: '#/components/schemas/Loop' } }),
      { a: 'x' },
      ['not verifiable null $.a', 'not verifiable type $.a'],
      { Loop: { allOf: [{ $ref: '#/components/schemas/Loop' }] } },
    ],
    ['properties that are not known', { type: 'object' }, { a: 'x' }, ['broken property $.a']],
    [
      'properties that are not allowed',
      { type: 'object', additionalProperties: false },
      { a: 'x' },
      ['broken property $.a'],
    ],
    ['properties of any name', { type: 'object', additionalProperties: text, required: ['a'] }, { a: 'x' }, []],
    [
      'properties by pattern',
      { type: 'object', patternProperties: { '^a': { type: 'integer' } }, required: ['a'] },
      { a: 'x' },
      ['broken type $.a'],
    ],
    [
      'prefixItems',
      { type: 'array', prefixItems: [text, { type: 'integer' }], items: text },
      ['x'],
      ['broken type $[*]'],
    ],
    [
      'not, which is left out of the proof',
      object({ a: { type: ['string', 'integer'], not: { type: 'integer' } } }),
      { a: 'x' },
      ['not verifiable type $.a'],
    ],
    ['true, which allows anything', object({ a: {} }), { a: 'x' }, ['broken null $.a', 'broken type $.a']],
  ])('%s', (_name, schema, example, expected, more = {}) => {
    expect(said('3.1.0', schema, example, more).toSorted()).toEqual(expected);
  });
});

describe('OpenAPI 3.0', () => {
  test.each<[string, Json, unknown, string[], Json?]>([
    ['nullable', object({ a: { type: 'string', nullable: true } }), { a: 'x' }, ['broken null $.a']],
    ['nullable without a type, which says nothing', object({ a: { nullable: true, allOf: [text] } }), { a: 'x' }, []],
    [
      'a reference, beside which nothing counts',
      object({ a: { $ref: '#/components/schemas/Text', nullable: true, type: 'integer' } }),
      { a: 'x' },
      [],
      { Text: text },
    ],
    ['an excluded bound', object({ a: { type: 'integer', minimum: 0, exclusiveMinimum: true } }), { a: 1 }, []],
  ])('%s', (_name, schema, example, expected, more = {}) => {
    expect(said('3.0.3', schema, example, more)).toEqual(expected);
  });
});
