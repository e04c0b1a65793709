import { describe, expect, test } from '@jest/globals';
import type { Contract } from '../../../src/pact/model.ts';
import { readContract, readContracts } from '../../../src/pact/read-contract.ts';
import { findWeakenings } from '../../../src/verify/weakening/find-weakenings.ts';
import { weakeningRules } from '../../../src/verify/weakening/weakening.ts';
import { interaction, pactText } from '../../pact/support.ts';
import { answering, contractOf, given, requesting, responding, withHeader } from './support.ts';

type Row = [name: string, before: Contract, after: Contract];

const type = { match: 'type' };
const regex = (text: string): object => ({ match: 'regex', regex: text });
const state = (name: string, params: object = {}): object => ({ name, params });
const form = (body: string, matchingRules: object = {}): object => ({
  headers: { 'Content-Type': ['application/x-www-form-urlencoded'] },
  body: { content: body, contentType: 'application/x-www-form-urlencoded', encoded: false },
  matchingRules,
});
const bytes = (content: string): object => ({ body: { content, encoded: 'base64', contentType: 'image/png' } });
const chosen = (generator: object | undefined, matchers: object[] = []): object => ({
  ...answering({ id: 'a' }, matchers.length > 0 ? { '$.id': matchers } : {}),
  ...(generator ? { generators: { body: { '$.id': generator } } } : {}),
});
const fromState = { type: 'ProviderState', expression: '${id}' };
const asked = (request: object): Contract => contractOf(interaction({ method: 'GET', path: '/a', ...request }));
const contains = (...ids: number[]): object =>
  answering(
    ids.map((id) => ({ id })),
    {
      $: [
        {
          match: 'arrayContains',
          variants: ids.map((_, index) => ({ index, rules: {} })),
        },
      ],
    },
  );

const xml = (body: string, rules: Record<string, object[]> = {}): Contract =>
  responding({
    body: { content: body, contentType: 'application/xml', encoded: false },
    matchingRules: { body: Object.fromEntries(Object.entries(rules).map(([at, matchers]) => [at, { matchers }])) },
  });
const typed = (contentType: string, matchingRules: object = {}): Contract =>
  responding({ headers: { 'Content-Type': [contentType] }, matchingRules });

/** Weakenings, each with the one rule that finds it. */
const weaker: [rule: string, path: string | undefined, ...Row][] = [
  [
    'interaction',
    undefined,
    'an interaction is gone',
    contractOf(interaction(), interaction({ path: '/b' }, {}, { description: 'another' })),
    contractOf(interaction()),
  ],
  [
    'interaction',
    undefined,
    'a message is gone',
    readContract(
      'app-service.json',
      pactText('4.0', [interaction(), { type: 'Synchronous/Messages', description: 'x' }]),
    ),
    contractOf(interaction()),
  ],
  [
    'exact value',
    "$.response.body.a.b['#text']",
    'the text of an XML element is a type now',
    xml('<a><b>1</b></a>'),
    xml('<a><b>1</b></a>', { "$.a.b['#text']": [type] }),
  ],
  [
    'pattern',
    "$.response.body.a.b['#text']",
    'the pattern of an XML element is wider',
    xml('<a><b>1</b></a>', { "$.a.b['#text']": [regex('^[0-9]$')] }),
    xml('<a><b>1</b></a>', { "$.a.b['#text']": [regex('^[0-9]+$')] }),
  ],
  [
    'exact value',
    "$.response.body.a['@id']",
    'an attribute of XML differs',
    xml('<a id="1"><b/></a>'),
    xml("<a id='2'><b/></a>"),
  ],
  [
    'unproved',
    "$.response.body.a.b['@y']",
    'attributes of XML stand in one element',
    xml('<a><b x="1"/><b y="1"/></a>'),
    xml('<a><b x="1" y="1"/></a>'),
  ],
  [
    'field',
    "$.response.body.a.b['#text']",
    'an element of XML is gone',
    xml('<a><b>1</b><c>2</c></a>'),
    xml('<a><c>2</c></a>'),
  ],
  [
    'unproved',
    '$.response.body.a.b',
    'fewer elements of XML may be there',
    xml('<a><b>1</b></a>', { '$.a.b': [{ match: 'type', min: 2 }] }),
    xml('<a><b>1</b></a>', { '$.a.b': [{ match: 'type', min: 1 }] }),
  ],
  [
    'header',
    "$.response.headers['Content-Type']",
    'a charset is gone',
    typed('application/json; charset=utf-8'),
    typed('application/json'),
  ],
  [
    'header',
    "$.response.headers['Content-Type']",
    'another charset',
    typed('application/json; charset=utf-8'),
    typed('application/json; charset=latin1'),
  ],
  ['state', '$.providerStates[0]', 'a state is gone', given(state('a')), given()],
  ['state', '$.providerStates[1]', 'a state is new', given(state('a')), given(state('a'), state('b'))],
  ['state', '$.providerStates[0].params.a', 'a parameter is gone', given(state('a', { a: 1 })), given(state('a'))],
  [
    'state',
    '$.providerStates[0].params.a',
    'a parameter differs',
    given(state('a', { a: 1 })),
    given(state('a', { a: 2 })),
  ],
  ['state', '$.providerStates[0].params.a', 'a parameter is new', given(state('a')), given(state('a', { a: 1 }))],
  [
    'pending',
    '$.pending',
    'an interaction is pending',
    contractOf(interaction()),
    contractOf(interaction({}, {}, { pending: true })),
  ],
  ['request', '$.request.method', 'the method differs', requesting({ method: 'POST' }), requesting({ method: 'PUT' })],
  ['request', '$.request.path', 'the path differs', asked({ path: '/a' }), asked({ path: '/b' })],
  ['request', '$.request.query.a', 'a parameter is sent no more', asked({ query: { a: ['1'] } }), asked({})],
  [
    'request',
    '$.request.query.a',
    'a parameter differs',
    asked({ query: { a: ['1'] } }),
    asked({ query: { a: ['2'] } }),
  ],
  ['request', "$.request.headers['X-A']", 'a header is sent no more', asked({ headers: { 'X-A': 'b' } }), asked({})],
  [
    'request',
    '$.request.path',
    'the path may be any, and another is asked for',
    asked({ path: '/a' }),
    asked({ path: '/b', matchingRules: { path: { matchers: [regex('.*')] } } }),
  ],
  [
    'request',
    '$.request.path',
    'the path comes from another value of the state',
    asked({ path: '/a', generators: { path: fromState } }),
    asked({ path: '/a', generators: { path: { ...fromState, expression: '${other}' } } }),
  ],
  [
    'request',
    '$.request.body.a',
    'another value is sent, and called an example',
    asked({ body: { content: { a: 1 }, contentType: 'application/json' } }),
    asked({
      body: { content: { a: 2 }, contentType: 'application/json' },
      matchingRules: { body: { '$.a': { matchers: [type] } } },
    }),
  ],
  [
    'request',
    '$.request.body',
    'a part of the body comes from the state',
    asked({ body: { content: { a: 1 }, contentType: 'application/json' } }),
    asked({ body: { content: { a: 1 }, contentType: 'application/json' }, generators: { body: { '$.a': fromState } } }),
  ],
  [
    'request',
    '$.request.body[1]',
    'another item is sent',
    asked({ body: { content: [1, 2], contentType: 'application/json' } }),
    asked({ body: { content: [1, 3, 2], contentType: 'application/json' } }),
  ],
  [
    'request',
    '$.request.body',
    'fewer items are sent',
    asked({ body: { content: [1, 2], contentType: 'application/json' } }),
    asked({ body: { content: [1], contentType: 'application/json' } }),
  ],
  [
    'request',
    '$.request.body',
    'a body is sent no more',
    asked({ body: { content: { a: 1 }, contentType: 'application/json' } }),
    asked({}),
  ],
  [
    'request',
    '$.request.body.a.b',
    'a field is sent no more',
    asked({ body: { content: { a: { b: 1 } }, contentType: 'application/json' } }),
    asked({ body: { content: { a: {} }, contentType: 'application/json' } }),
  ],
  ['request', '$.request.body.scope', 'a form field is sent no more', asked(form('a=1&scope=x')), asked(form('a=1'))],
  ['request', '$.request.body.scope[0]', 'a form field differs', asked(form('scope=x')), asked(form('scope=y'))],
  ['status', '$.response.status', 'the status differs', responding({ status: 200 }), responding({ status: 204 })],
  [
    'status',
    '$.response.status',
    'the status may be any of its class',
    responding({ status: 200 }),
    responding({
      status: 200,
      matchingRules: { status: { matchers: [{ match: 'statusCode', status: 'success' }] } },
    }),
  ],
  [
    'status',
    '$.response.status',
    'a class is larger',
    responding({
      status: 404,
      matchingRules: { status: { matchers: [{ match: 'statusCode', status: 'clientError' }] } },
    }),
    responding({ status: 404, matchingRules: { status: { matchers: [{ match: 'statusCode', status: 'error' }] } } }),
  ],
  ['header', "$.response.headers['X-A']", 'a header is gone', responding(withHeader('b')), responding({})],
  ['header', "$.response.headers['X-A']", 'a header differs', responding(withHeader('b')), responding(withHeader('c'))],
  ['header', "$.response.headers['X-A']", 'any header', responding(withHeader('b')), responding(withHeader('b', type))],
  [
    'header',
    "$.response.headers['X-A']",
    'a wider pattern of a header',
    responding(withHeader('b1', regex('^b\\d$'))),
    responding(withHeader('b1', regex('^b.*'))),
  ],
  [
    'content type',
    '$.response.body',
    'the content type differs',
    responding({ body: { content: 'a', contentType: 'text/plain' } }),
    responding({ body: { content: 'a', contentType: 'text/html' } }),
  ],
  ['body', '$.response.body', 'the body is gone', responding(answering({})), responding({})],
  ['body', '$.response.body', 'the body was empty', responding({ body: null }), responding({ body: { content: 'a' } })],
  ['body', '$.response.body', 'other bytes', responding(bytes('iVBORw==')), responding(bytes('iVBOSA=='))],
  [
    'field',
    '$.response.body.b',
    'a field is gone',
    responding(answering({ a: 1, b: 2 })),
    responding(answering({ a: 1 })),
  ],
  [
    'field',
    '$.response.body[*].b',
    'a field of the items is gone',
    responding(answering([{ a: 1, b: 2 }], { $: [{ match: 'type', min: 1 }] })),
    responding(answering([{ a: 1 }], { $: [{ match: 'type', min: 1 }] })),
  ],
  [
    'field',
    '$.response.body.a',
    'a field may be missing',
    responding(answering({ a: 1 })),
    responding(answering({ a: 1 }, { $: [{ match: 'eachKey', rules: [regex('a')] }], '$.a': [{ match: 'equality' }] })),
  ],
  [
    'exact value',
    '$.response.body.a',
    'any text for an exact one',
    responding(answering({ a: 'x' })),
    responding(answering({ a: 'x' }, { '$.a': [type] })),
  ],
  [
    'exact value',
    '$.response.body.a',
    'another exact value',
    responding(answering({ a: 'x' })),
    responding(answering({ a: 'y' })),
  ],
  [
    'exact value',
    '$.response.body.a',
    'equality for a whole object is gone',
    responding(answering({ a: {} }, { '$.a': [{ match: 'equality' }] })),
    responding(answering({ a: {} })),
  ],
  [
    'null',
    '$.response.body.a',
    'null passes',
    responding(answering({ a: 'x' }, { '$.a': [type, regex('.*')] })),
    responding(answering({ a: 'x' }, { '$.a': [regex('.*')] })),
  ],
  [
    'type',
    '$.response.body.a',
    'numbers pass beside texts',
    responding(answering({ a: '1' }, { '$.a': [type, regex('^\\d+$')] })),
    responding(answering({ a: '1' }, { '$.a': [regex('^\\d+$')] })),
  ],
  [
    'type',
    '$.response.body.a',
    'another type',
    responding(answering({ a: 'x' }, { '$.a': [type] })),
    responding(answering({ a: 1 }, { '$.a': [type] })),
  ],
  [
    'type',
    '$.response.body.a',
    'an object for a text',
    responding(answering({ a: 'x' }, { '$.a': [type] })),
    responding(answering({ a: {} }, { '$.a': [type] })),
  ],
  [
    'pattern',
    '$.response.body.a',
    'one rule of two is enough',
    responding(answering({ a: 'x' }, { '$.a': [type, regex('^[a-z]$')] })),
    responding(answering({ a: 'x' }, { '$.a': [type, regex('^[a-z]$')] }, 'OR')),
  ],
  [
    'integer',
    '$.response.body.a',
    'any number for an integer',
    responding(answering({ a: 1 }, { '$.a': [{ match: 'integer' }] })),
    responding(answering({ a: 1 }, { '$.a': [{ match: 'number' }] })),
  ],
  [
    'pattern',
    '$.response.body.a',
    'a wider pattern',
    responding(answering({ a: 'x' }, { '$.a': [type, regex('^[a-z]+$')] })),
    responding(answering({ a: 'x' }, { '$.a': [type, regex('^[a-z]*$')] })),
  ],
  [
    'pattern',
    '$.response.body.a',
    'a pattern is gone',
    responding(answering({ a: 'x' }, { '$.a': [type, regex('^[a-z]+$')] })),
    responding(answering({ a: 'x' }, { '$.a': [type] })),
  ],
  [
    'pattern',
    '$.response.body.a',
    'a pattern of numbers is gone',
    responding(answering({ a: 1 }, { '$.a': [{ match: 'integer' }, regex('^[1-9]\\d*$')] })),
    responding(answering({ a: 1 }, { '$.a': [{ match: 'integer' }] })),
  ],
  [
    'items',
    '$.response.body',
    'fewer items are enough',
    responding(answering(['x'], { $: [{ match: 'type', min: 2 }] })),
    responding(answering(['x'], { $: [{ match: 'type', min: 1 }] })),
  ],
  [
    'items',
    '$.response.body',
    'more items pass',
    responding(answering(['x'], { $: [{ match: 'type', max: 2 }] })),
    responding(answering(['x'], { $: [{ match: 'type', max: 3 }] })),
  ],
  [
    'items',
    '$.response.body',
    'a list need not be empty',
    responding(answering([])),
    responding(answering([], { $: [type] })),
  ],
  ['items', '$.response.body[1]', 'an item need not be there', responding(contains(1, 2)), responding(contains(1))],
  [
    'names',
    '$.response.body',
    'any name for some',
    responding(answering({ a: 1 }, { $: [{ match: 'eachKey', rules: [regex('a')] }], '$.*': [type] })),
    responding(answering({ a: 1 }, { $: [{ match: 'eachKey', rules: [regex('[ab]')] }], '$.*': [type] })),
  ],
  [
    'generator',
    '$.response.body.id',
    'the provider says what is right',
    responding(chosen(undefined)),
    responding(chosen(fromState)),
  ],
  [
    'unproved',
    '$.response.body.a',
    'a pattern that no automaton can do',
    responding(answering({ a: 'x' }, { '$.a': [type, regex('^(?=x)x$')] })),
    responding(answering({ a: 'x' }, { '$.a': [type, regex('^(?=x)x')] })),
  ],
];

describe('a weakening is found by its rule alone', () => {
  test.each(weaker)('%s at %s: %s', (rule, path, _name, before, after) => {
    const found = findWeakenings([before], [after]);
    expect(found).toEqual([expect.objectContaining({ file: 'app-service.json', rule })]);
    expect(found[0]?.path).toBe(path);
    expect(found[0]?.sentence).toMatch(/^[A-Z].*\.$/);
  });

  test('a contract is gone', () => {
    const other = readContract('other.json', pactText('4.0', [interaction()], { provider: { name: 'other' } }));
    expect(findWeakenings([responding({}), other], [responding({})])).toEqual([
      { file: 'other.json', rule: 'contract', sentence: 'There is no longer a contract of app with other.' },
    ]);
  });

  test('each rule has an example', () => {
    expect(new Set(['contract', ...weaker.map(([rule]) => rule)])).toEqual(new Set(weakeningRules));
  });
});

const stronger: Row[] = [
  ['a charset is added', typed('application/json'), typed('application/json; charset=utf-8')],
  ['a charset in another case', typed('application/json;charset=UTF-8'), typed('application/json; charset=utf-8')],
  [
    'a pattern for a media type with whatever parameters',
    typed('application/json'),
    typed('application/json', { header: { 'Content-Type': { matchers: [regex('^application/json(;.*)?$')] } } }),
  ],
  [
    'blanks in a list of a header',
    responding({ headers: { Vary: ['A,B'] } }),
    responding({ headers: { Vary: ['A, B'] } }),
  ],
  [
    'the charset that is sent in another case',
    asked({ headers: { 'Content-Type': 'text/plain;charset=UTF-8' } }),
    asked({ headers: { 'Content-Type': 'text/plain; charset=utf-8' } }),
  ],
  [
    'blanks and the order of attributes in XML that is sent',
    asked({ body: { content: '<a x="1" y="2"><b>1</b></a>', contentType: 'application/xml', encoded: false } }),
    asked({ body: { content: '<a y="2" x="1">\n<b>1</b></a>', contentType: 'application/xml', encoded: false } }),
  ],
  [
    'blanks, comments and the order of attributes in XML',
    xml('<a x="1" y="2"><b>1</b></a>'),
    xml('<?xml version="1.0"?>\n<a y="2" x="1">\n  <!-- one -->\n  <b>1</b>\n</a>\n'),
  ],
  [
    'an XML element may have another example of its type',
    xml('<a><b>1</b></a>', { "$.a.b['#text']": [type] }),
    xml('<a><b>2</b></a>', { "$.a.b['#text']": [type] }),
  ],
  ['an XML element is exact now', xml('<a><b>1</b></a>', { "$.a.b['#text']": [type] }), xml('<a><b>1</b></a>')],
  ['a new interaction', contractOf(interaction()), contractOf(interaction(), interaction({ path: '/b' }))],
  [
    'another name for the same',
    contractOf(interaction()),
    contractOf(interaction({}, {}, { description: 'another name' })),
  ],
  [
    'the same in other states besides',
    given(state('a')),
    contractOf(
      interaction({}, {}, { providerStates: [state('b')] }),
      interaction({}, {}, { providerStates: [state('a')] }),
    ),
  ],
  ['states in another order', given(state('a'), state('b')), given(state('b'), state('a'))],
  ['no longer pending', contractOf(interaction({}, {}, { pending: true })), contractOf(interaction())],
  ['a parameter more is sent', asked({ query: { a: ['1'] } }), asked({ query: { a: ['1'], b: ['1'] } })],
  ['a header more is sent', asked({}), asked({ headers: { 'X-A': 'b' } })],
  ['a form field more is sent', asked(form('a=1')), asked(form('a=1&b=2'))],
  [
    'another example of what is sent',
    asked({ query: { a: ['1'] }, matchingRules: { query: { a: { matchers: [regex('^\\d$')] } } } }),
    asked({ query: { a: ['2'] }, matchingRules: { query: { a: { matchers: [regex('^\\d$')] } } } }),
  ],
  [
    'another example of a field that is sent',
    asked({ body: { content: { a: 1, b: [2] } }, matchingRules: { body: { $: { matchers: [type] } } } }),
    asked({ body: { content: { a: 2, b: [3, 4] } }, matchingRules: { body: { $: { matchers: [type] } } } }),
  ],
  [
    'a looser rule for the same that is sent',
    asked({ query: { a: ['1'] } }),
    asked({ query: { a: ['1'] }, matchingRules: { query: { a: { matchers: [type] } } } }),
  ],
  [
    'a path that the state says, with another example',
    asked({ path: '/a', generators: { path: fromState } }),
    asked({ path: '/b', generators: { path: fromState } }),
  ],
  [
    'one status of a class',
    responding({
      status: 200,
      matchingRules: { status: { matchers: [{ match: 'statusCode', status: 'success' }] } },
    }),
    responding({ status: 201 }),
  ],
  ['a header more', responding({}), responding(withHeader('b'))],
  ['an exact header for any', responding(withHeader('b', type)), responding(withHeader('c'))],
  [
    'a narrower pattern of a header',
    responding(withHeader('b1', regex('^b.*'))),
    responding(withHeader('b1', regex('^b\\d$'))),
  ],
  ['a body where there was none', responding({}), responding(answering({ a: 1 }))],
  ['a field more', responding(answering({ a: 1 })), responding(answering({ a: 1, b: 2 }))],
  [
    'an exact value for a type',
    responding(answering({ a: 'x' }, { '$.a': [type] })),
    responding(answering({ a: 'y' })),
  ],
  [
    'an exact value within a pattern',
    responding(answering({ a: 'x' }, { '$.a': [regex('^[a-z]$')] })),
    responding(answering({ a: 'y' })),
  ],
  [
    'another example for a type',
    responding(answering({ a: 'x' }, { '$.a': [type] })),
    responding(answering({ a: 'y' }, { '$.a': [type] })),
  ],
  [
    'an integer for a number',
    responding(answering({ a: 1 }, { '$.a': [{ match: 'number' }] })),
    responding(answering({ a: 1 }, { '$.a': [{ match: 'integer' }] })),
  ],
  [
    'a pattern besides',
    responding(answering({ a: 'x' }, { '$.a': [type] })),
    responding(answering({ a: 'x' }, { '$.a': [type, regex('^[a-z]+$')] })),
  ],
  [
    'the same pattern in other words',
    responding(answering({ a: '1' }, { '$.a': [type, regex('^[0-9]{1,}$')] })),
    responding(answering({ a: '1' }, { '$.a': [type, regex('^\\d+$')] })),
  ],
  [
    'a date for a pattern',
    responding(answering({ a: '2024-01-31' }, { '$.a': [type, regex('^\\d{4}-\\d\\d-\\d\\d$')] })),
    responding(answering({ a: '2024-01-31' }, { '$.a': [type, { match: 'date', format: 'yyyy-MM-dd' }] })),
  ],
  [
    'the same pattern that no automaton can do',
    responding(answering({ a: 'x' }, { '$.a': [regex('^(?=x)x$')] })),
    responding(answering({ a: 'xx' }, { '$.a': [regex('^(?=x)x$')] })),
  ],
  [
    'more items are needed',
    responding(answering(['x'], { $: [{ match: 'type', min: 1 }] })),
    responding(answering(['x'], { $: [{ match: 'type', min: 2, max: 3 }] })),
  ],
  ['an empty list for any', responding(answering([], { $: [type] })), responding(answering([]))],
  ['an item more that must be there', responding(contains(1)), responding(contains(2, 1))],
  [
    'each item is what one had to be',
    responding(contains(1)),
    responding(answering([{ id: 1 }], { $: [{ match: 'type', min: 1 }], '$[*].id': [{ match: 'equality' }] })),
  ],
  [
    'a value from the state: only its type counts',
    responding(chosen(undefined, [type])),
    responding(chosen(fromState, [type])),
  ],
  ['the state says no more what is right', responding(chosen(fromState)), responding(chosen(undefined))],
];

describe('no weakening is', () => {
  test.each(stronger)('%s', (_name, before, after) => {
    expect(findWeakenings([before], [after])).toEqual([]);
  });

  test('what has not changed', async () => {
    const ours = await readContracts('contracts');
    expect(findWeakenings(ours, ours)).toEqual([]);
  });

  test('a contract in another file, or in two', () => {
    const [one, two] = [interaction(), interaction({ path: '/b' }, {}, { description: 'another' })];
    const parts = ['a.json', 'b.json'].map((file, index) =>
      readContract(file, pactText('4.0', index === 0 ? [one] : [two])),
    );
    expect(findWeakenings([contractOf(one, two)], parts)).toEqual([]);
  });
});

test('a weakening says what passes now', () => {
  const before = responding(answering({ a: 'x' }, { '$.a': [type, regex('^[a-z]+$')] }));
  const [found] = findWeakenings([before], [responding(answering({ a: 'x' }, { '$.a': [type] }))]);
  expect(found?.sentence).toBe(
    'The contract required a string and text matching ^[a-z]+$; now it requires a string: "" would pass.',
  );
});
