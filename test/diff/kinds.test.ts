// One kind of change in an inline document each, and its verdict: whether what is said otherwise means the same.
import { expect, test, describe } from '@jest/globals';
import { diffSpecifications } from '../../src/diff/diff.ts';
import type { OpenApiDocument } from '../../src/openapi/document.ts';

type Json = Record<string, unknown>;
type Case = [kind: string, before: OpenApiDocument, after: OpenApiDocument];

const doc = (paths: Json, more: Json = {}): OpenApiDocument => ({
  openapi: '3.1.0',
  info: { title: 'Things', version: '1' },
  servers: [{ url: 'https://a.example' }],
  paths,
  ...more,
});
const v30 = (document: OpenApiDocument): OpenApiDocument => ({ ...document, openapi: '3.0.3' });
const S = { type: 'string' };
const I = { type: 'integer' };
const o = (properties: Json, more: Json = {}): Json => ({ type: 'object', properties, ...more });
const json = (schema: Json, type = 'application/json'): Json => ({ description: '', content: { [type]: { schema } } });
const none = { 200: { description: '' } };
const resp = (responses: Json, more: Json = {}): OpenApiDocument =>
  doc({ '/t': { get: { operationId: 'a', responses } } }, more);
const res = (schema: Json, more: Json = {}): OpenApiDocument => resp({ 200: json(schema) }, more);
const body = (type: string, media: Json, more: Json = {}): OpenApiDocument =>
  doc({ '/t': { post: { operationId: 'a', requestBody: { content: { [type]: media } }, responses: none } } }, more);
const req = (schema: Json, more: Json = {}): OpenApiDocument => body('application/json', { schema }, more);
const par = (parameter: Json, path = '/t'): OpenApiDocument =>
  doc({ [path]: { get: { operationId: 'a', parameters: [parameter], responses: none } } });
const q = (schema: Json, more: Json = {}): OpenApiDocument => par({ name: 'f', in: 'query', schema, ...more });
const f = (schema: Json, more: Json = {}): OpenApiDocument =>
  par({ name: 'f', in: 'path', required: true, schema, ...more }, '/t/{f}');
const comp = (schemas: Json): Json => ({ components: { schemas } });
const sec = (securitySchemes: Json, security: Json[]): OpenApiDocument =>
  resp(none, { components: { securitySchemes }, security });
const at = (path: string, ...parameters: Json[]): OpenApiDocument =>
  doc({ [path]: { get: { parameters, responses: none } } });

/** The worst that is said of a change. */
function verdictOf(before: OpenApiDocument, after: OpenApiDocument): string {
  const found = diffSpecifications(before, after).map(({ severity }) => severity);
  return ['breaking', 'undecided', 'non-breaking'].find((each) => found.some((one) => one === each)) ?? 'no change';
}

describe('breaks', () => {
  test.each<Case>([
    [
      'an alternative of oneOf that shares values with another',
      req({ oneOf: [{ ...I, minimum: 0 }] }),
      req({
        oneOf: [
          { ...I, minimum: 0 },
          { ...I, minimum: 10 },
        ],
      }),
    ],
    [
      'anyOf to oneOf, where a value fits both',
      req({
        anyOf: [
          { ...I, minimum: 0 },
          { ...I, maximum: 10 },
        ],
      }),
      req({
        oneOf: [
          { ...I, minimum: 0 },
          { ...I, maximum: 10 },
        ],
      }),
    ],
    [
      'a oneOf in an answer that allows what fitted two of it',
      res({
        oneOf: [
          { ...S, minLength: 2 },
          { ...S, maxLength: 4 },
        ],
      }),
      res({
        anyOf: [
          { ...S, minLength: 2 },
          { ...S, maxLength: 4 },
        ],
      }),
    ],
    [
      'a pattern of names widened',
      req(o({}, { patternProperties: { '^x-a': S } })),
      req(o({}, { patternProperties: { '^x-': S } })),
    ],
    [
      'a property required beside another in an answer, described but not any more required',
      res(o({ a: S, b: S }, { dependentSchemas: { a: { required: ['b'] } } })),
      res(o({ a: S, b: S })),
    ],
    ['not added', req(S), req({ ...S, not: { const: 'x' } })],
    ['not removed from an answer', res({ ...S, not: { enum: ['x'] } }), res(S)],
    [
      'if removed from an answer',
      res(o({}, { if: o({ k: { const: 'a' } }, { required: ['k'] }), else: { required: ['b'] } })),
      res(o({})),
    ],
    ['explode of what may be a list', q({}), q({}, { explode: false })],
    [
      'a property required in an answer before it was described',
      res({ required: ['a'] }),
      res({ properties: { a: S } }),
    ],
    [
      'type of a property beside one that is true or false, where a text may stand in place of the object',
      res({ anyOf: [S, o({ k: { type: 'boolean' }, a: S }, { required: ['k'] })] }),
      res({ anyOf: [S, o({ k: { type: 'boolean' }, a: I }, { required: ['k'] })] }),
    ],
    ['propertyNames added', req(o({})), req(o({}, { propertyNames: { maxLength: 3 } }))],
    [
      'unevaluatedItems',
      req({ type: 'array', prefixItems: [S] }),
      req({ type: 'array', prefixItems: [S], unevaluatedItems: false }),
    ],
    ['maxContains', req({ type: 'array', contains: S }), req({ type: 'array', contains: S, maxContains: 2 })],
    ['minContains raised', req({ type: 'array', contains: S }), req({ type: 'array', contains: S, minContains: 2 })],
    ['contains removed answer', res({ type: 'array', contains: { const: 'x' } }), res({ type: 'array' })],
    ['contains narrowed', req({ type: 'array', contains: S }), req({ type: 'array', contains: { const: 'x' } })],
    ['contentEncoding added', req(S), req({ ...S, contentEncoding: 'base64' })],
    [
      'contentSchema changed',
      req({ ...S, contentMediaType: 'application/json', contentSchema: S }),
      req({ ...S, contentMediaType: 'application/json', contentSchema: I }),
    ],
    [
      'style pipe',
      q({ type: 'array', items: S }, { style: 'form', explode: false }),
      q({ type: 'array', items: S }, { style: 'pipeDelimited', explode: false }),
    ],
    ['explode', q({ type: 'array', items: S }), q({ type: 'array', items: S }, { explode: false })],
    ['allowReserved dropped', q(S, { allowReserved: true }), q(S)],
    [
      'content for schema',
      q(o({ a: S })),
      par({ name: 'f', in: 'query', content: { 'application/json': { schema: o({ a: S }) } } }),
    ],
    ['path explode label', f(S), f(S, { style: 'label' })],
    ['path pattern', f(S), par({ name: 'f', in: 'path', required: true, schema: { ...S, pattern: '^a$' } }, '/t/{f}')],
    ['query string to integer', q(S), q(I)],
    ['scalar to array min 2', q(I), q({ type: 'array', items: I, minItems: 2 })],
    ['array to scalar', q({ type: 'array', items: I }), q(I)],
    ['param moved', q(S), par({ name: 'f', in: 'header', schema: S })],
    ['enum as oneOf const narrowed', req({ enum: ['a', 'b'] }), req({ oneOf: [{ const: 'a' }, { const: 'c' }] })],
    ['uuid answered dropped', res({ ...S, format: 'uuid' }), res(S)],
    [
      '404 beside default other body',
      resp({ 200: { description: '' }, default: json(o({ a: S }, { required: ['a'] })) }),
      resp({
        200: { description: '' },
        404: json(o({ b: S }, { required: ['b'] })),
        default: json(o({ a: S }, { required: ['a'] })),
      }),
    ],
    ['media request narrowed', body('*/*', { schema: S }), body('application/json', { schema: S })],
    [
      'header content',
      resp({ 200: { description: '', headers: { X: { content: { 'application/json': { schema: S } } } } } }),
      resp({ 200: { description: '', headers: { X: { content: { 'application/json': { schema: I } } } } } }),
    ],
    [
      'header integer to string answered',
      resp({ 200: { description: '', headers: { 'X-A': { schema: I } } } }),
      resp({ 200: { description: '', headers: { 'x-a': { schema: S } } } }),
    ],
    ['server removed', { ...q(S), servers: [{ url: 'https://a.example' }, { url: 'https://b.example' }] }, q(S)],
    ['literal to integer template', at('/t/me'), at('/t/{id}', { name: 'id', in: 'path', required: true, schema: I })],
    ['template to literal', at('/t/{id}', { name: 'id', in: 'path', required: true, schema: S }), at('/t/me')],
    [
      'disc name request',
      req(
        {
          oneOf: [{ $ref: '#/components/schemas/A' }, { $ref: '#/components/schemas/B' }],
          discriminator: { propertyName: 'k' },
        },
        comp({ A: o({ k: S, t: S }), B: o({ k: S, t: S }) }),
      ),
      req(
        {
          oneOf: [{ $ref: '#/components/schemas/A' }, { $ref: '#/components/schemas/B' }],
          discriminator: { propertyName: 't' },
        },
        comp({ A: o({ k: S, t: S }), B: o({ k: S, t: S }) }),
      ),
    ],
    ['not added', req(S), req({ ...S, not: { const: 'string' } })],
    [
      'if added',
      req(o({ a: S, b: S })),
      req(o({ a: S, b: S }, { if: { required: ['a'] }, else: { required: ['b'] } })),
    ],
    ['readOnly answered still', res(o({ id: { ...I, readOnly: true } })), res(o({ id: { ...S, readOnly: true } }))],
    [
      'apikey query case',
      sec({ k: { type: 'apiKey', in: 'query', name: 'K' } }, [{ k: [] }]),
      sec({ k: { type: 'apiKey', in: 'query', name: 'k' } }, [{ k: [] }]),
    ],
    [
      'scheme swapped',
      sec({ k: { type: 'http', scheme: 'basic' } }, [{ k: [] }]),
      sec({ k: { type: 'http', scheme: 'bearer' } }, [{ k: [] }]),
    ],
    ['media versions', resp({ 200: json(S, 'application/json;v=1') }), resp({ 200: json(S, 'application/json;v=2') })],
    [
      'patternProperties value narrowed',
      req(o({}, { patternProperties: { '^x': S } })),
      req(o({}, { patternProperties: { '^x': { ...S, maxLength: 2 } } })),
    ],
    ['minProperties', req(o({ a: S })), req(o({ a: S }, { minProperties: 1 }))],
    [
      'encoding',
      body('multipart/form-data', { schema: o({ f: S }), encoding: { f: { contentType: 'text/plain' } } }),
      body('multipart/form-data', { schema: o({ f: S }), encoding: { f: { contentType: 'text/csv' } } }),
    ],
    ['integer widened to number answered', res(I), res({ type: 'number' })],
    ['inline to anyOf of narrower', req(S), req({ anyOf: [{ ...S, maxLength: 3 }, I] })],
    [
      'response oneOf added',
      res({ oneOf: [o({ a: S }, { required: ['a'] }), o({ b: S }, { required: ['b'] })] }),
      res({
        oneOf: [o({ a: S }, { required: ['a'] }), o({ b: S }, { required: ['b'] }), o({ c: S }, { required: ['c'] })],
      }),
    ],
  ])('%s', (_kind, before, after) => {
    expect(verdictOf(before, after)).toBe('breaking');
  });
});

describe('breaks nothing', () => {
  test.each<Case>([
    [
      'oneOf to anyOf, which allows what fits several',
      req({
        oneOf: [
          { ...I, minimum: 0 },
          { ...I, maximum: 10 },
        ],
      }),
      req({
        anyOf: [
          { ...I, minimum: 0 },
          { ...I, maximum: 10 },
        ],
      }),
    ],
    [
      'an optional property new in alternatives of a oneOf that overlap',
      req({ oneOf: [o({ a: S }), o({ b: S })] }),
      req({ oneOf: [o({ a: S, c: I }), o({ b: S, c: I })] }),
    ],
    [
      'a pattern of names widened in an answer',
      res(o({}, { patternProperties: { '^x-a': S } })),
      res(o({}, { patternProperties: { '^x-': S } })),
    ],
    [
      'contains of fewer numbers in an answer',
      res({ type: 'array', contains: S, minContains: 1, maxContains: 8 }),
      res({ type: 'array', contains: S, minContains: 2, maxContains: 6 }),
    ],
    ['all that is said of a body removed', req(o({ a: S })), req({})],
    [
      'propertyNames widened',
      req(o({}, { propertyNames: { maxLength: 3 } })),
      req(o({}, { propertyNames: { maxLength: 4 } })),
    ],
    ['contains removed', req({ type: 'array', contains: { const: 'x' } }), req({ type: 'array' })],
    ['dependentRequired removed', req(o({ a: S, b: S }, { dependentRequired: { a: ['b'] } })), req(o({ a: S, b: S }))],
    [
      'dependentRequired vs required',
      req(o({ a: S, b: S }, { required: ['b'] })),
      req(o({ a: S, b: S }, { dependentRequired: { a: ['b'] } })),
    ],
    ['path integer-string', f(I), f(S)],
    ['query number to string pattern digits', q(I), q({ ...S, pattern: '^-?\\d+$' })],
    ['query boolean to string', q({ type: 'boolean' }), q(S)],
    ['array of integer to string', q({ type: 'array', items: I }), q({ type: 'array', items: S })],
    ['scalar to array not exploded', q(I), q({ type: 'array', items: I }, { explode: false })],
    [
      'oneOf ref null sent',
      req(o({ a: { $ref: '#/components/schemas/A' } }), comp({ A: o({ x: S }) })),
      req(o({ a: { oneOf: [{ $ref: '#/components/schemas/A' }, { type: 'null' }] } }), comp({ A: o({ x: S }) })),
    ],
    ['format unknown', req(S), req({ ...S, format: 'custom' })],
    ['format password', res({ ...S, format: 'password' }), res(S)],
    [
      '404 into default',
      resp({ 200: { description: '' }, 404: json(o({ a: S })) }),
      resp({ 200: { description: '' }, default: json(o({ a: S })) }),
    ],
    ['media narrowed from any', resp({ 200: json(S, '*/*') }), resp({ 200: json(S) })],
    ['server added in front', q(S), { ...q(S), servers: [{ url: 'https://z.example' }, { url: 'https://a.example' }] }],
    ['literal to template', at('/t/me'), at('/t/{id}', { name: 'id', in: 'path', required: true, schema: S })],
    ['not removed', req({ ...S, not: { const: 'x' } }), req(S)],
    ['anyOf to oneOf', req({ anyOf: [S, I] }), req({ oneOf: [S, I] })],
    [
      'readOnly required dropped',
      req(o({ id: { ...I, readOnly: true } }, { required: ['id'] })),
      req(o({ id: { ...I, readOnly: true } })),
    ],
    [
      'unused scope',
      sec({ k: { type: 'http', scheme: 'basic' } }, [{ k: [] }]),
      sec({ k: { type: 'http', scheme: 'basic', description: 'x' }, z: { type: 'http', scheme: 'bearer' } }, [
        { k: [] },
      ]),
    ],
    [
      'security optional',
      sec({ k: { type: 'http', scheme: 'basic' } }, [{ k: [] }]),
      sec({ k: { type: 'http', scheme: 'basic' } }, [{ k: [] }, {}]),
    ],
    [
      '4XX split',
      resp({ 200: { description: '' }, '4XX': json(S) }),
      resp({ 200: { description: '' }, 400: json(S), 404: json(S) }),
    ],
    [
      'minProperties implied',
      req(o({ a: S }, { required: ['a'] })),
      req(o({ a: S }, { required: ['a'], minProperties: 1 })),
    ],
    ['nullable added request', v30(req(o({ a: S }))), v30(req(o({ a: { ...S, nullable: true } })))],
    ['nullable removed answer', v30(res(o({ a: { ...S, nullable: true } }))), v30(res(o({ a: S })))],
    [
      'additionalProperties object to false response',
      res(o({ a: S }, { additionalProperties: S })),
      res(o({ a: S }, { additionalProperties: false })),
    ],
    [
      'enum prop to oneOf',
      req(o({ k: { enum: ['a', 'b'] } }, { required: ['k'] })),
      req({ oneOf: [o({ k: { const: 'a' } }, { required: ['k'] }), o({ k: { const: 'b' } }, { required: ['k'] })] }),
    ],
    [
      'int intervals',
      req({ type: 'integer', minimum: 0, maximum: 10 }),
      req({
        anyOf: [
          { type: 'integer', maximum: 5 },
          { type: 'integer', minimum: 6 },
        ],
      }),
    ],
  ])('%s', (_kind, before, after) => {
    expect(['non-breaking', 'no change']).toContain(verdictOf(before, after));
  });
});

describe('cannot be decided', () => {
  test.each<Case>([
    [
      'webhook',
      resp(none, { webhooks: { a: { post: { responses: none } } } }),
      resp(none, { webhooks: { a: { post: { requestBody: { content: {} }, responses: none } } } }),
    ],
  ])('%s', (_kind, before, after) => {
    expect(verdictOf(before, after)).toBe('undecided');
  });
});

describe('is no change', () => {
  test.each<Case>([
    [
      'patterns of names in other words',
      req(o({}, { patternProperties: { '^[0-9]+$': S } })),
      req(o({}, { patternProperties: { [String.raw`^(?:\d)+$`]: S } })),
    ],
    [
      'a pattern of all names in place of other properties',
      res(o({}, { patternProperties: { '': S } })),
      res(o({}, { additionalProperties: S })),
    ],
    ['null beside text in a query', q({ type: ['string', 'null'] }), q(S)],
    ['reserved characters of a number', q(I, { allowReserved: true }), q(I)],
    ['explode of scalar', q(S), q(S, { explode: false })],
    ['explode of untyped enum', q({ enum: ['a'] }), q({ enum: ['a'] }, { explode: false })],
    ['path renamed', f(S), par({ name: 'g', in: 'path', required: true, schema: S }, '/t/{g}')],
    ['query boolean to enum', q({ type: 'boolean' }), q({ ...S, enum: ['true', 'false'] })],
    [
      'param header case',
      par({ name: 'X-A', in: 'header', required: true, schema: S }),
      par({ name: 'x-a', in: 'header', required: true, schema: S }),
    ],
    ['param ref default same', q({ ...I, default: 1 }), q({ ...I, default: 1 })],
    [
      'nullable 3.0 to 3.1',
      v30(res(o({ a: { type: 'string', nullable: true } }))),
      res(o({ a: { type: ['string', 'null'] } })),
    ],
    [
      'nullable ref 3.0 to 3.1',
      v30(
        res(
          o({ a: { nullable: true, type: 'object', allOf: [{ $ref: '#/components/schemas/A' }] } }),
          comp({ A: o({ x: S }) }),
        ),
      ),
      res(
        o({ a: { type: ['object', 'null'], allOf: [{ $ref: '#/components/schemas/A' }] } }),
        comp({ A: o({ x: S }) }),
      ),
    ],
    [
      'nullable enum 3.0 to 3.1',
      v30(res(o({ a: { type: 'string', nullable: true, enum: ['a', null] } }))),
      res(o({ a: { type: ['string', 'null'], enum: ['a', null] } })),
    ],
    ['int bounds', req({ type: 'integer', maximum: 5 }), req({ type: 'integer', exclusiveMaximum: 6 })],
    ['number multipleOf 1', req({ type: 'number', multipleOf: 1 }), req(I)],
    ['const vs enum', req({ const: 'a' }), req({ enum: ['a'] })],
    ['enum as oneOf const', req({ enum: ['a', 'b'] }), req({ oneOf: [{ const: 'a' }, { const: 'b' }] })],
    ['boolean enum', req({ type: 'boolean' }), req({ enum: [true, false] })],
    [
      'byte file multipart',
      v30(body('multipart/form-data', { schema: o({ f: { type: 'string', format: 'binary' } }) })),
      body('multipart/form-data', { schema: o({ f: { contentMediaType: 'application/octet-stream' } }) }),
    ],
    [
      'image png binary',
      v30(resp({ 200: json({ type: 'string', format: 'binary' }, 'image/png') })),
      resp({ 200: { description: '', content: { 'image/png': {} } } }),
    ],
    [
      'header case',
      resp({ 200: { description: '', headers: { 'X-A': { schema: S } } } }),
      resp({ 200: { description: '', headers: { 'x-a': { schema: S } } } }),
    ],
    [
      'disc mapping written out',
      req(
        {
          oneOf: [{ $ref: '#/components/schemas/A' }, { $ref: '#/components/schemas/B' }],
          discriminator: { propertyName: 'k' },
        },
        comp({ A: o({ k: S }), B: o({ k: S, b: S }) }),
      ),
      req(
        {
          oneOf: [{ $ref: '#/components/schemas/A' }, { $ref: '#/components/schemas/B' }],
          discriminator: { propertyName: 'k', mapping: { A: '#/components/schemas/A', B: 'B' } },
        },
        comp({ A: o({ k: S }), B: o({ k: S, b: S }) }),
      ),
    ],
    ['anyOf nested', req({ anyOf: [S, { anyOf: [I, { type: 'null' }] }] }), req({ anyOf: [S, I, { type: 'null' }] })],
    [
      'readOnly via ref',
      req(o({ id: { $ref: '#/components/schemas/A' } }), comp({ A: { ...I, readOnly: true } })),
      req(o({ id: { $ref: '#/components/schemas/A' } }), comp({ A: { ...S, readOnly: true } })),
    ],
    [
      'model renamed',
      req({ $ref: '#/components/schemas/A' }, comp({ A: o({ a: S }) })),
      req({ $ref: '#/components/schemas/B' }, comp({ B: o({ a: S }) })),
    ],
    [
      'allOf flattened',
      req({ allOf: [o({ a: S }), o({ b: S }, { required: ['b'] })] }),
      req(o({ a: S, b: S }, { required: ['b'] })),
    ],
    [
      'body media xml case',
      resp({ 200: json(S, 'Application/Problem+JSON') }),
      resp({ 200: json(S, 'application/problem+json') }),
    ],
    ['items bool', req({ type: 'array' }), req({ type: 'array', items: true })],
    [
      'required twice',
      req(o({ a: S }, { required: ['a'] })),
      req({ allOf: [o({ a: S }, { required: ['a'] }), { required: ['a'] }] }),
    ],
  ])('%s', (_kind, before, after) => {
    expect(verdictOf(before, after)).toBe('no change');
  });
});
