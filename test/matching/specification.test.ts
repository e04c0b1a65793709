// The kinds of cases of Pact's specification, part by part, as rows of our own: what our reader and matchers say of each.
import { describe, expect, test } from '@jest/globals';
import { compileBody } from '../../src/matching/compile.ts';
import { headerDemand } from '../../src/matching/headers.ts';
import { satisfies, statusKeeps } from '../../src/matching/matchers.ts';
import type { Interaction } from '../../src/pact/model.ts';
import { readContract } from '../../src/pact/read-contract.ts';

type Json = Record<string, unknown>;
type Rules = Record<string, Json>;
const versions = [1, 2, 3, 4] as const;
type Version = (typeof versions)[number];

/** An interaction as a contract of a version has it; rules by their path below the body, or the name of a header. */
function read(
  version: Version,
  request: Json,
  response: Json,
  rules: { body?: Rules; header?: Rules } = {},
): Interaction {
  const { body = {}, header = {} } = rules;
  const lists = (all: Rules): Json =>
    Object.fromEntries(Object.entries(all).map(([path, rule]) => [path, { combine: 'AND', matchers: [rule] }]));
  const old = [
    ...Object.entries(body).map(([path, rule]) => [path.replace('$', '$.body'), rule]),
    ...Object.entries(header).map(([name, rule]) => [`$.headers.${name}`, rule]),
  ];
  const wrapped = { content: response['body'], contentType: 'application/json', encoded: false };
  const text = JSON.stringify({
    consumer: { name: 'app' },
    provider: { name: 'service' },
    interactions: [
      {
        description: 'x',
        request: { method: 'GET', path: '/', ...request },
        response: {
          ...response,
          ...(version === 4 && response['body'] !== undefined && response['body'] !== null ? { body: wrapped } : {}),
          matchingRules: version <= 2 ? Object.fromEntries(old) : { body: lists(body), header: lists(header) },
        },
      },
    ],
    metadata: { pactSpecification: { version: `${version}.0.0` } },
  });
  const [interaction] = readContract('app-service.json', text).interactions;
  if (!interaction) throw new Error('There is no interaction.');
  return interaction;
}

type BodyRow = [kind: string, from: Version, example: unknown, rules: Rules, accepted: unknown[], refused: unknown[]];

const type = { match: 'type' };
const regex = { match: 'regex', regex: '\\w{3}\\d{3}' };
const pets = { animals: [{ name: 'Fred' }] };

const bodies: BodyRow[] = [
  [
    'equal values',
    2,
    { a: 1, b: ['x'] },
    {},
    [{ a: 1, b: ['x'] }],
    [
      { a: 2, b: ['x'] },
      { a: 1, b: ['y'] },
    ],
  ],
  [
    'names in any order, and more names',
    2,
    { a: 1, b: 2 },
    {},
    [
      { b: 2, a: 1 },
      { a: 1, b: 2, c: null },
    ],
    [{ a: 1 }],
  ],
  ['names of another case', 2, { alligator: 1 }, {}, [], [{ Alligator: 1 }]],
  ['items in another order, more or fewer', 2, [1, 2], {}, [[1, 2]], [[2, 1], [1, 2, 3], [1, 2, null], [1]]],
  ['null and other values', 2, { a: null }, {}, [{ a: null }], [{ a: 'x' }, {}]],
  ['values where null is not expected', 2, { a: 'x' }, {}, [], [{ a: null }, { a: [] }]],
  ['numbers and texts', 2, { a: 1 }, {}, [{ a: 1 }], [{ a: '1' }, { a: true }]],
  ['an object, an array', 2, {}, {}, [{}], [[]]],
  ['a pattern', 2, { a: 'abc123' }, { '$.a': regex }, [{ a: 'xyz999' }], [{ a: 'xyz' }, { a: null }]],
  [
    'a pattern for a number',
    2,
    { a: 1 },
    { '$.a': { match: 'regex', regex: '\\d+' } },
    [{ a: 12 }, { a: '12' }],
    [{ a: -1 }, { a: 'x' }],
  ],
  [
    'a type',
    2,
    { a: 'x', b: 1 },
    { '$.a': type, '$.b': type },
    [{ a: '', b: 2.5 }],
    [{ a: 1, b: 1 }, { a: 'x', b: '1' }, { b: 1 }],
  ],
  [
    'a type for all below',
    2,
    { a: { b: 'x' } },
    { $: type },
    [{ a: { b: 'y' } }],
    [{ a: { b: 1 } }, { a: {} }, { a: 'x' }],
  ],
  [
    'a type at the nearest place',
    2,
    { a: 'x', b: 'abc123' },
    { $: type, '$.b': regex },
    [{ a: '', b: 'xyz999' }],
    [{ a: '', b: '' }],
  ],
  [
    'a type for the items of a list',
    2,
    pets,
    { '$.animals[*].name': type, '$.animals': { min: 1, match: 'type' } },
    [{ animals: [{ name: 'a' }, { name: 'b' }] }],
    [{ animals: [] }, { animals: [{ name: 1 }] }, { animals: [{}] }],
  ],
  [
    'a largest length',
    2,
    { a: ['x'] },
    { '$.a': { max: 2, match: 'type' } },
    [{ a: [] }, { a: ['y', 'z'] }],
    [{ a: ['x', 'y', 'z'] }],
  ],
  [
    'a pattern for the items of a list',
    2,
    { a: ['abc123'] },
    { '$.a[*]': regex, '$.a': { min: 1, match: 'type' } },
    [{ a: ['xyz999', 'abc123'] }],
    [{ a: ['xyz999', 'x'] }],
  ],
  [
    'one item by its index',
    2,
    { a: ['x', 'abc123'] },
    { '$.a[1]': regex },
    [{ a: ['x', 'xyz999'] }],
    [{ a: ['y', 'xyz999'] }, { a: ['x', 'y'] }],
  ],
  [
    'names in brackets',
    2,
    { '2': { 'a b': 'x' } },
    { "$['2']['a b']": type },
    [{ '2': { 'a b': 'y' } }],
    [{ '2': { 'a b': 1 } }],
  ],
  [
    'nested lists',
    2,
    { a: [[['x']]] },
    { '$.a[*][*][*]': type, '$.a': type },
    [{ a: [[['y']]] }],
    [{ a: [[[1]]] }, { a: ['y'] }],
  ],
  ['an included text', 3, { a: 'cat' }, { '$.a': { match: 'include', value: 'a' } }, [{ a: 'bat' }], [{ a: 'dog' }]],
  ['integers', 3, { a: 1 }, { '$.a': { match: 'integer' } }, [{ a: -7 }], [{ a: 1.5 }, { a: '1' }]],
  ['decimals', 3, { a: 1.5 }, { '$.a': { match: 'decimal' } }, [{ a: 0.25 }], [{ a: 1 }, { a: '1.5' }]],
  ['numbers', 3, { a: 1 }, { '$.a': { match: 'number' } }, [{ a: 1 }, { a: 2.5 }], [{ a: '1' }]],
  ['null by a rule', 3, { a: null }, { '$.a': { match: 'null' } }, [{ a: null }], [{ a: 0 }]],
  [
    'equality below a type',
    3,
    { a: 'x', b: 'y' },
    { $: type, '$.b': { match: 'equality' } },
    [{ a: 'z', b: 'y' }],
    [{ a: 'z', b: 'z' }],
  ],
  [
    'dates',
    3,
    { a: '2024-01-31' },
    { '$.a': { match: 'date', date: 'yyyy-MM-dd' } },
    [{ a: '1999-12-01' }],
    [{ a: '31.01.2024' }],
  ],
  ['times', 3, { a: '10:00' }, { '$.a': { match: 'time', time: 'HH:mm' } }, [{ a: '23:59' }], [{ a: '24:61' }]],
  [
    'timestamps',
    3,
    { a: '2024-01-31 10:00' },
    { '$.a': { match: 'timestamp', timestamp: 'yyyy-MM-dd HH:mm' } },
    [{ a: '2025-02-28 00:00' }],
    [{ a: '2025-02-28' }],
  ],
  [
    'values under any names',
    3,
    { a: { x: 1 } },
    { '$.a': { match: 'values' }, '$.a.*': type },
    [{ a: { y: 2, z: 3 } }],
    [{ a: { y: 'x' } }],
  ],
  [
    'booleans',
    4,
    { a: true },
    { '$.a': { match: 'boolean' } },
    [{ a: false }, { a: 'true' }],
    [{ a: 0 }, { a: 'yes' }],
  ],
  [
    'values that are not empty',
    4,
    { a: 'x' },
    { '$.a': { match: 'notEmpty' } },
    [{ a: 'y' }],
    [{ a: '' }, { a: null }],
  ],
  ['semantic versions', 4, { a: '1.0.0' }, { '$.a': { match: 'semver' } }, [{ a: '2.1.0-rc.1' }], [{ a: '1.0' }]],
  [
    'each name',
    4,
    { a: { x1: 1 } },
    { '$.a': { match: 'eachKey', rules: [{ match: 'regex', regex: 'x\\d' }] } },
    [{ a: { x2: 1 } }],
    [{ a: { y: 1 } }],
  ],
  [
    'each value',
    4,
    { a: ['x'] },
    { '$.a': { match: 'eachValue', rules: [regex] } },
    [{ a: ['abc123', 'xyz999'] }],
    [{ a: ['x'] }],
  ],
  [
    'an item among others',
    4,
    { a: [{ k: 'x' }] },
    { '$.a': { match: 'arrayContains', variants: [{ index: 0, rules: {} }] } },
    [{ a: [{ k: 'y' }, { k: 'x' }] }],
    [{ a: [{ k: 'y' }] }],
  ],
];

describe.each(versions)('version %i', (version) => {
  // Version 1 has no matchers.
  const has = (rules: Rules): boolean => version > 1 || Object.keys(rules).length === 0;

  test.each(bodies.filter(([, from, , rules]) => from <= Math.max(2, version) && has(rules)))(
    'a body: %s',
    (_kind, _from, body, rules, accepted, refused) => {
      const { response } = read(version, {}, { body }, { body: rules });
      if (response.body.kind !== 'json') throw new Error('The body is not JSON.');
      const demand = compileBody(response.body.value, response.rules.body, '$');
      expect(accepted.map((value) => satisfies(value, demand))).toEqual(accepted.map(() => true));
      expect(refused.map((value) => satisfies(value, demand))).toEqual(refused.map(() => false));
    },
  );

  const headerRows: [string, Json, Rules, string, boolean][] = [
    ['an equal value', { Accept: 'alligators' }, {}, 'alligators', true],
    ['another value', { Accept: 'alligators' }, {}, 'crocodiles', false],
    ['a value of another case', { 'X-A': 'alligators' }, {}, 'Alligators', false],
    ['parts in another order', { 'X-A': 'a, b' }, {}, 'b, a', false],
    ['spaces after commas', { 'X-A': 'a, b' }, {}, 'a,b', true],
    ['a pattern', { 'X-A': 'abc' }, { 'X-A': { match: 'regex', regex: '[a-z]+' } }, 'xyz', true],
    ['a pattern that is not kept', { 'X-A': 'abc' }, { 'X-A': { match: 'regex', regex: '[a-z]+' } }, '123', false],
    [
      'a pattern by a name of another case',
      { 'X-A': 'abc' },
      { 'x-a': { match: 'regex', regex: '[a-z]+' } },
      'xyz',
      true,
    ],
  ];
  test.each(headerRows.filter(([, , rules]) => has(rules)))('a header: %s', (_kind, headers, rules, line, expected) => {
    const { response } = read(version, {}, { headers }, { header: rules });
    const [[name, header] = ['', { name: '', values: [] }]] = response.headers;
    expect(headerDemand(name, header, response.rules.header.get(name)).accepts(line)).toBe(expected);
  });

  test.each([
    ['the same', 202, true],
    ['another', 400, false],
  ])('a status: %s', (_kind, status, expected) => {
    const { response } = read(version, {}, { status: 202 });
    expect(statusKeeps(status, response.rules.status, response.status)).toBe(expected);
  });

  test.each<
    [string, Json, Partial<Pick<Interaction['request'], 'method' | 'path'>> & { query?: [string, (string | null)[]][] }]
  >([
    ['a method of another case', { method: 'post' }, { method: 'POST' }],
    ['a path with a slash at its end', { path: '/path/' }, { path: '/path/' }],
    ['no query', { query: '' }, { query: [] }],
    [
      'a query as text, in its order',
      { query: 'b=2&a=1&a=3' },
      {
        query: [
          ['b', ['2']],
          ['a', ['1', '3']],
        ],
      },
    ],
    ['a query with an ampersand at its end', { query: 'a=1&' }, { query: [['a', ['1']]] }],
    ['a query that is encoded', { query: 'a%20b=x+y%26z' }, { query: [['a b', ['x y&z']]] }],
    [
      'a query without values',
      { query: 'a&b=' },
      {
        query: [
          ['a', [null]],
          ['b', ['']],
        ],
      },
    ],
    [
      'a query by names',
      { query: { a: ['1', '3'], b: [''] } },
      {
        query: [
          ['a', ['1', '3']],
          ['b', ['']],
        ],
      },
    ],
  ])('a request: %s', (_kind, request, expected) => {
    const { method, path, query } = read(version, request, {}).request;
    expect({ method, path, query: [...query] }).toMatchObject(expected);
  });

  test('a body that is null is to be empty, and one that is left out is not looked at', () => {
    expect(read(version, {}, { body: null }).response.body.kind).toBe('empty');
    expect(read(version, {}, {}).response.body.kind).toBe('absent');
  });
});
