import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { runs } from '../../support/runs.ts';
import { openIn, verdictsOf } from './inline.ts';

type Json = Record<string, unknown>;

const integers = { type: 'array', items: { type: 'integer' } };
const box = { type: 'object', properties: { a: { type: 'string' }, n: { type: 'integer' } } };

const query = (more: Json): Json => ({ parameters: [{ in: 'query', name: 'id', ...more }] });
const at = '$.request.query.id';

describe('a value in the query is read by style and explode', () => {
  test.each<[string, Json, Record<string, string[]>, string[]]>([
    ['exploded, given twice', { schema: integers }, { id: ['1', '2'] }, []],
    ['exploded, joined by a comma', { schema: integers }, { id: ['1,2'] }, [`broken parameter ${at}`]],
    ['joined, as explode false has it', { explode: false, schema: integers }, { id: ['1,2'] }, []],
    [
      'given twice against explode false',
      { explode: false, schema: integers },
      { id: ['1', '2'] },
      [`broken parameter ${at}`],
    ],
    ['joined, with a wrong item', { explode: false, schema: integers }, { id: ['1,x'] }, [`broken parameter ${at}`]],
    ['exploded, with a wrong item', { schema: integers }, { id: ['1', 'x'] }, [`broken parameter ${at}`]],
    ['one value, given twice', { schema: { type: 'integer' } }, { id: ['1', '2'] }, [`broken parameter ${at}`]],
    [
      'with brackets that are not described',
      { schema: integers },
      { 'id[]': ['1'] },
      ["broken parameter $.request.query['id[]']"],
    ],
    ['separated by pipes', { style: 'pipeDelimited', schema: integers }, { id: ['1|2'] }, []],
    [
      'separated by commas against pipes',
      { style: 'pipeDelimited', schema: integers },
      { id: ['1,2'] },
      [`broken parameter ${at}`],
    ],
    ['an exploded object', { schema: box }, { a: ['x'], n: ['1'] }, []],
    ['an exploded object with a wrong property', { schema: box }, { a: ['x'], n: ['y'] }, [`broken parameter ${at}`]],
    [
      'an exploded object without what it requires',
      { schema: { ...box, required: ['n'] } },
      { a: ['x'] },
      [`broken parameter ${at}`],
    ],
    [
      'a closed exploded object and another name',
      { schema: { ...box, additionalProperties: false } },
      { z: ['1'] },
      ['broken parameter $.request.query.z'],
    ],
    ['an object, not exploded', { explode: false, schema: box }, { id: ['a,x,n,1'] }, []],
    [
      'an object as if it were exploded',
      { explode: false, schema: box },
      { id: ['a=x,n=1'] },
      [`broken parameter ${at}`],
    ],
    ['a deep object', { style: 'deepObject', schema: box }, { 'id[a]': ['x'], 'id[n]': ['1'] }, []],
    [
      'a deep object with a wrong property',
      { style: 'deepObject', schema: box },
      { 'id[n]': ['y'] },
      [`broken parameter ${at}`],
    ],
    ['an empty value that is allowed', { allowEmptyValue: true, schema: { type: 'boolean' } }, { id: [''] }, []],
    ['an empty value that is not', { schema: { type: 'boolean' } }, { id: [''] }, [`broken parameter ${at}`]],
    [
      'a text of digits among numbers',
      { explode: false, schema: { type: 'array', items: { type: ['string', 'integer'] } } },
      { id: ['1,x'] },
      [],
    ],
    ['a number that is none in JSON', { schema: { type: 'integer' } }, { id: ['0x10'] }, [`broken parameter ${at}`]],
    ['JSON', { content: { 'application/json': { schema: box } } }, { id: ['{"n":1}'] }, []],
    [
      'JSON that is not allowed',
      { content: { 'application/json': { schema: box } } },
      { id: ['{"n":"x"}'] },
      [`broken parameter ${at}`],
    ],
    [
      'of a media type that is not read',
      { content: { 'text/csv': { schema: {} } } },
      { id: ['1'] },
      [`not verifiable parameter ${at}`],
    ],
  ])('%s', (_name, parameter, given, expected) => {
    expect(openIn({ operation: query(parameter), request: { query: given } })).toEqual(expected);
  });

  test('a nested deep object is left open, since OpenAPI does not define it', () => {
    const schema = { type: 'object', properties: { a: box } };
    const operation = query({ style: 'deepObject', schema });
    expect(openIn({ operation, request: { query: { 'id[a][n]': ['1'] } } })).toEqual([
      `not verifiable parameter ${at}`,
    ]);
  });

  test('what to send is told', () => {
    const verdict = verdictsOf({
      operation: query({ explode: false, schema: integers }),
      request: { query: { id: ['1', '2'] } },
    }).find(({ result }) => result === 'broken');
    expect(verdict?.sentence).toContain('Send id=1,2');
  });
});

describe('a value in the path is read by style and explode', () => {
  test.each<[string, Json, string, boolean]>([
    ['label', { style: 'label', schema: { type: 'integer' } }, '.5', true],
    ['label without its dot', { style: 'label', schema: { type: 'integer' } }, '5', false],
    ['label of another type', { style: 'label', schema: { type: 'integer' } }, '.x', false],
    ['label, a list', { style: 'label', schema: integers }, '.1,2', true],
    ['label, a list, exploded', { style: 'label', explode: true, schema: integers }, '.1.2', true],
    ['matrix', { style: 'matrix', schema: { type: 'integer' } }, ';id=5', true],
    ['matrix of another name', { style: 'matrix', schema: { type: 'integer' } }, ';no=5', false],
    ['matrix, a list', { style: 'matrix', schema: integers }, ';id=1,2', true],
    ['matrix, a list, exploded', { style: 'matrix', explode: true, schema: integers }, ';id=1;id=2', true],
    ['matrix, an object, exploded', { style: 'matrix', explode: true, schema: box }, ';a=x;n=1', true],
    ['simple, a list', { schema: integers }, '1,2', true],
    ['simple, a list, exploded', { explode: true, schema: integers }, '1,2', true],
    ['simple, a list with a wrong item', { explode: true, schema: integers }, '1,x', false],
    ['simple, an object', { schema: box }, 'a,x,n,1', true],
    ['simple, an object, exploded', { explode: true, schema: box }, 'a=x,n=1', true],
    ['simple, an object with a wrong property', { explode: true, schema: box }, 'a=x,n=y', false],
  ])('%s', (_name, parameter, text, isAllowed) => {
    const operation = { parameters: [{ in: 'path', name: 'id', required: true, ...parameter }] };
    const found = openIn({ path: '/boxes/{id}', operation, request: { path: `/boxes/${text}` } });
    expect(found).toEqual(isAllowed ? [] : ['broken parameter $.request.path']);
  });
});

test.each([
  ['1, 2', []],
  ['1,x', ["broken header $.request.headers['X-I']"]],
])('a list in a header, %s', (text, expected) => {
  const operation = { parameters: [{ in: 'header', name: 'X-I', required: true, explode: true, schema: integers }] };
  expect(openIn({ operation, request: { headers: { 'X-I': text } } })).toEqual(expected);
});

describe('a form is read by its encodings', () => {
  const schema = { type: 'object', properties: { ids: integers, name: { type: 'string' }, n: { type: 'integer' } } };
  test.each<[string, Json, string, string[]]>([
    ['with digits in a text beside a number', {}, 'name=1&n=2', []],
    ['with a repeated list', {}, 'ids=1&ids=2', []],
    ['with a list in one value', { ids: { explode: false } }, 'ids=1,2', []],
    ['with a wrong number', {}, 'n=x', ['broken body $.request.body.n']],
  ])('%s', (_name, encoding, body, expected) => {
    const type = 'application/x-www-form-urlencoded';
    const operation = { requestBody: { content: { [type]: { schema, encoding } } } };
    const request = { headers: { 'Content-Type': type }, body };
    expect(openIn({ method: 'post', operation, request })).toEqual(expected);
  });
});

test.each([
  ['/v1/boxes', []],
  ['/v2/boxes', []],
  ['/v3/boxes', ['broken path $.request.path']],
])('the values of a variable of the server count, %s', (path, expected) => {
  const servers = [{ url: 'https://shelf.example/{v}', variables: { v: { default: 'v1', enum: ['v1', 'v2'] } } }];
  expect(openIn({ document: { servers }, request: { path } })).toEqual(expected);
});

/** A value and its texts by style and explode (OpenAPI 3.1, section 4.8.12.6), and whether it has its type. */
const written = fc
  .record({
    style: fc.constantFrom('form', 'pipeDelimited', 'spaceDelimited', 'deepObject', 'simple', 'label', 'matrix'),
    explode: fc.boolean(),
    value: fc.oneof(
      fc.array(fc.oneof({ weight: 4, arbitrary: fc.integer() }, fc.constant('x')), { minLength: 1, maxLength: 3 }),
      fc.record({
        a: fc.constantFrom('x', 'y', '1'),
        n: fc.oneof({ weight: 4, arbitrary: fc.integer() }, fc.constant('x')),
      }),
    ),
  })
  .filter(({ style, value }) => style !== 'deepObject' || !Array.isArray(value))
  .map(({ style, explode, value }) => {
    const pairs = Object.entries(value).map(([key, each]) => [key, String(each)] as const);
    const isList = Array.isArray(value);
    const joined = (by: string, sign = ','): string =>
      isList ? pairs.map(([, text]) => text).join(by) : pairs.map((pair) => pair.join(sign)).join(by);
    const isRight = isList ? value.every((each) => typeof each === 'number') : value.n !== 'x';
    const inPath: Record<string, string> = {
      simple: explode ? joined(',', '=') : joined(','),
      label: explode ? `.${joined('.', '=')}` : `.${joined(',')}`,
      matrix: explode ? pairs.map(([key, text]) => `;${isList ? 'id' : key}=${text}`).join('') : `;id=${joined(',')}`,
    };
    const separator = style === 'pipeDelimited' ? '|' : style === 'spaceDelimited' ? ' ' : ',';
    const spread = isList
      ? { id: pairs.map(([, text]) => text) }
      : Object.fromEntries(pairs.map(([key, text]) => [key, [text]]));
    const inQuery =
      style === 'deepObject'
        ? Object.fromEntries(pairs.map(([key, text]) => [`id[${key}]`, [text]]))
        : explode
          ? spread
          : { id: [joined(separator, separator)] };
    return { style, explode, isList, isRight, path: inPath[style], query: inQuery };
  })
  // Of an object in these styles, OpenAPI defines no exploded form.
  .filter(({ style, explode, isList }) => isList || !explode || !style.endsWith('Delimited'));

test('for any style, a value as it is to be written holds where it has its type, and is broken elsewhere', () => {
  fc.assert(
    fc.property(written, ({ style, explode, isList, isRight, path, query }) => {
      const where = path === undefined ? 'query' : 'path';
      const operation = {
        parameters: [{ in: where, name: 'id', required: true, style, explode, schema: isList ? integers : box }],
      };
      const request = path === undefined ? { query } : { path: `/boxes/${encodeURIComponent(path)}` };
      const found = openIn({ path: path === undefined ? '/boxes' : '/boxes/{id}', operation, request });
      expect(found).toEqual(isRight ? [] : [`broken parameter ${path === undefined ? at : '$.request.path'}`]);
    }),
    { seed: 1, numRuns: runs(80, 1000) },
  );
});
