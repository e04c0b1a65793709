// Which bodies are taken for the documented ones, from the specification to the answer.
import { describe, expect, test } from '@jest/globals';
import type { OperationRow } from '../../src/client/types.ts';
import { readJson } from '../../src/client/answer.ts';
import { calls } from '../../src/generated/operations.ts';
import type { OpenApiDocument } from '../../src/openapi/document.ts';
import { typesOf } from '../../src/openapi/schema.ts';

function documentOf(schema: object): OpenApiDocument {
  const self = { oneOf: [{ type: 'array' }, { $ref: '#/components/schemas/Self' }] };
  const document = { openapi: '3.1.0', info: { title: 'A', version: '1' } };
  return Object.assign(document, {
    components: { securitySchemes: {}, schemas: { Tested: schema, List: { type: 'array' }, Self: self } },
  });
}

const steps = ['components', 'schemas', 'Tested'];
const list = { $ref: '#/components/schemas/List' };

describe('the types of a schema', () => {
  test.each<[string, object, string[]]>([
    ['its own', { type: 'array' }, ['array']],
    ['several', { type: ['object', 'null'] }, ['null', 'object']],
    ['null beside it, as OpenAPI 3.0 says it', { type: 'object', nullable: true }, ['null', 'object']],
    ['a number, where it says integer', { type: 'integer' }, ['number']],
    ['those of a reference', list, ['array']],
    ['those of any choice', { oneOf: [list, { type: 'object' }] }, ['array', 'object']],
    ['left open, where one choice is', { anyOf: [list, {}] }, []],
    ['those of the first part that has any', { allOf: [{ minItems: 1 }, list] }, ['array']],
    ['left open, where it says nothing', {}, []],
    ['left open, where it leads back to itself', { $ref: '#/components/schemas/Self' }, []],
  ])('are %s', (_name, schema, types) => {
    expect(typesOf(documentOf(schema), steps)).toEqual(types);
  });

  test('stand in the generated table', () => {
    expect(calls.listDoctors.answers).toEqual({ 200: ['array'] });
  });
});

function read(answers: OperationRow['answers'], body: string, status = 200): unknown {
  const response = new Response(null, { status });
  const row = { method: 'GET', path: '/', scopes: null, answers };
  return readJson(row, { response, body, details: { operation: 'a', upstreamStatus: status }, redact: String });
}

describe('an answer', () => {
  test.each<[string, OperationRow['answers'], string, number, unknown]>([
    ['of the documented type', { 200: ['object'] }, '{"a":1}', 200, { a: 1 }],
    ['of one of the documented types', { 200: ['null', 'object'] }, 'null', 200, null],
    ['of the type of its own status', { 200: ['array'], 202: ['object'] }, '{}', 202, {}],
    ['of an undocumented success', { 200: ['array'] }, '[]', 203, []],
    ['of any type, where none is documented', { 200: [] }, '"a"', 200, 'a'],
    ['without a body, where none is documented', { 204: [] }, '', 204, undefined],
  ])('%s is taken', (_name, answers, body, status, expected) => {
    expect(read(answers, body, status)).toEqual(expected);
  });

  test.each<[string, OperationRow['answers'], string, number, string]>([
    ['of another type', { 200: ['object'] }, '[]', 200, 'unexpected array'],
    ['of the type of another status', { 200: ['array'], 202: ['object'] }, '[]', 202, 'unexpected array'],
    ['of an undocumented success and another type', { 200: ['array'] }, '{}', 203, 'unexpected object'],
    ['that is no JSON', { 200: [] }, 'hello', 200, 'unexpected text'],
    ['without the documented body', { 200: ['array'] }, '', 200, 'unexpected text'],
  ])('%s is not', (_name, answers, body, status, message) => {
    expect(() => read(answers, body, status)).toThrow(message);
  });
});
