import { describe, expect, test } from '@jest/globals';
import { interactionName, type Interaction } from '../../src/pact/model.ts';
import { readContract } from '../../src/pact/read-contract.ts';
import { interaction, pactText } from './support.ts';

function first(version: string, value: object): Interaction {
  const [found] = readContract('app-service.json', pactText(version, [value])).interactions;
  if (!found) throw new Error('There is no interaction.');
  return found;
}

describe('version 2', () => {
  test('has its query as a text', () => {
    const { request } = first('2.0.0', interaction({ query: 'a=1&b=x%20y&a=2&flag&c=d+e' }));
    expect([...request.query]).toEqual([
      ['a', ['1', '2']],
      ['b', ['x y']],
      ['flag', [null]],
      ['c', ['d e']],
    ]);
  });

  test('has its rules by path, of the whole response', () => {
    const matchingRules = {
      '$.body': { match: 'type', min: 2 },
      "$.body.items[*]['the name']": { match: 'regex', regex: 'x' },
      '$.headers.X-Count': { regex: '^\\d+$' },
    };
    const { rules } = first('2.0.0', interaction({}, { matchingRules })).response;
    expect(rules.body).toEqual([
      { combine: 'and', text: '$', path: [], rules: [{ match: 'type', min: 2 }] },
      {
        combine: 'and',
        text: "$.items[*]['the name']",
        path: ['items', { any: 'index' }, 'the name'],
        rules: [{ match: 'regex', regex: 'x' }],
      },
    ]);
    expect(rules.header.get('x-count')?.rules).toEqual([{ match: 'regex', regex: '^\\d+$' }]);
  });

  test('has one state, as a text', () => {
    expect(first('2.0.0', interaction({}, {}, { providerState: 'a thing' })).states).toEqual([
      { name: 'a thing', params: {} },
    ]);
  });

  test('has rules of the request, for path and query', () => {
    const matchingRules = { '$.path': { match: 'regex', regex: '/\\w+' }, '$.query.a[0]': { match: 'type' } };
    const { rules } = first('2.0.0', interaction({ query: 'a=1', matchingRules })).request;
    expect([rules.path?.rules, rules.query.get('a')?.rules]).toEqual([
      [{ match: 'regex', regex: '/\\w+' }],
      [{ match: 'type' }],
    ]);
  });
});

describe('version 3', () => {
  test('has names with their values as its query', () => {
    const { request } = first('3.0.0', interaction({ query: { a: ['1', '2'], b: 'x' } }));
    expect([...request.query]).toEqual([
      ['a', ['1', '2']],
      ['b', ['x']],
    ]);
  });

  test('has rules in lists, with how they combine', () => {
    const matchers = [{ match: 'integer' }, { match: 'null' }];
    const { rules } = first(
      '3.0.0',
      interaction({}, { matchingRules: { body: { '$.a': { combine: 'OR', matchers } } } }),
    ).response;
    expect(rules.body).toEqual([{ combine: 'or', text: '$.a', path: ['a'], rules: matchers }]);
  });

  test('has states with parameters, by which an interaction is named', () => {
    const providerStates = [{ name: 'a thing', params: { id: 7, of: { it: 'x' } } }, { name: 'noon' }];
    expect(interactionName(first('3.0.0', interaction({}, {}, { providerStates })))).toBe(
      'a request, given a thing (id: 7, of: {"it":"x"}) and noon',
    );
  });

  test('has its body as it is, a text that is JSON parsed', () => {
    const body = (value: unknown, type: string): unknown =>
      first('3.0.0', interaction({}, { body: value, headers: { 'content-type': type } })).response.body;
    expect([
      body({ a: 1 }, 'application/json'),
      body('{"a":1}', 'application/json'),
      body('plain', 'text/plain'),
      body(null, 'application/json'),
    ]).toEqual([
      { kind: 'json', value: { a: 1 } },
      { kind: 'json', value: { a: 1 } },
      { kind: 'text', text: 'plain' },
      { kind: 'empty' },
    ]);
  });

  test('has messages in a list of their own, which are named and not judged', () => {
    const more = { interactions: undefined, messages: [{ description: 'an event', providerState: 'noon' }] };
    const { interactions, messages } = readContract('app-service.json', pactText('3.0.0', [], more));
    expect({ interactions, messages }).toEqual({
      interactions: [],
      messages: [{ type: 'Asynchronous/Messages', description: 'an event', states: [{ name: 'noon', params: {} }] }],
    });
  });
});

describe('version 4', () => {
  test('has its body in an envelope', () => {
    const body = (value: object): unknown => first('4.0', interaction({}, { body: value })).response.body;
    expect([
      body({ content: { a: 1 }, contentType: 'application/json', encoded: false }),
      body({ content: 'text', contentType: 'application/json', encoded: false }),
      body({ content: '{"a":1}', contentType: 'application/json', encoded: 'json' }),
      body({ content: 'eyJhIjoxfQ==', contentType: 'application/json', encoded: 'base64' }),
      body({ content: 'a=1', contentType: 'application/x-www-form-urlencoded', encoded: false }),
      body({ content: '', contentType: 'application/json', encoded: false }),
      body({}),
    ]).toEqual([
      { kind: 'json', value: { a: 1 } },
      { kind: 'json', value: 'text' },
      { kind: 'json', value: { a: 1 } },
      { kind: 'json', value: { a: 1 } },
      { kind: 'text', text: 'a=1' },
      { kind: 'empty' },
      { kind: 'absent' },
    ]);
  });

  test('may hold bytes that are no text', () => {
    const { body } = first(
      '4.0',
      interaction({}, { body: { content: '/9j/4A==', contentType: 'image/jpeg', encoded: 'base64' } }),
    ).response;
    expect(body.kind === 'binary' && [...body.bytes]).toEqual([0xff, 0xd8, 0xff, 0xe0]);
  });

  test('keeps key and pending', () => {
    expect(first('4.0', interaction({}, {}, { type: 'Synchronous/HTTP', key: 'k1', pending: true }))).toMatchObject({
      key: 'k1',
      pending: true,
    });
  });

  test('keeps the place of each interaction beside messages', () => {
    const message = { type: 'Synchronous/Messages', description: 'a call' };
    const { interactions, messages } = readContract('app-service.json', pactText('4.0', [message, interaction()]));
    expect([interactions.map(({ index }) => index), messages.map(({ type }) => type)]).toEqual([
      [1],
      ['Synchronous/Messages'],
    ]);
  });

  test('has rules within rules', () => {
    const variants = [{ index: 1, rules: { '$.id': { matchers: [{ match: 'integer' }] } } }];
    const matchers = [
      { match: 'arrayContains', variants },
      { match: 'eachKey', rules: [{ match: 'regex', regex: '^k' }] },
      { match: 'of-a-plugin' },
    ];
    const { rules } = first('4.0', interaction({}, { matchingRules: { body: { $: { matchers } } } })).response;
    expect(rules.body[0]?.rules).toEqual([
      {
        match: 'arrayContains',
        variants: [
          { index: 1, rules: [{ combine: 'and', text: '$.id', path: ['id'], rules: [{ match: 'integer' }] }] },
        ],
      },
      { match: 'eachKey', rules: [{ match: 'regex', regex: '^k' }] },
      { match: 'unknown', name: 'of-a-plugin' },
    ]);
  });
});

test.each([
  ['none', {}],
  ['1', { pactSpecification: { version: '1.1.0' } }],
])('version %s is read as 2', (_name, metadata) => {
  const rules = { '$.body.a': { match: 'type' } };
  const text = pactText('', [interaction({}, { body: { a: 1 }, matchingRules: rules })], { metadata });
  const { version, interactions } = readContract('app-service.json', text);
  expect([version, interactions[0]?.response.rules.body[0]?.text]).toEqual([2, '$.a']);
});

describe('a contract that cannot be used is told', () => {
  test.each([
    ['no JSON', '{"consumer": ', 'contract_unreadable', /not JSON/],
    ['JSON that is no pact', '{"name": "x"}', 'contract_invalid', /no Pact file/],
    ['a list', '[]', 'contract_invalid', /no Pact file/],
    ['version 5', pactText('5.0', [interaction()]), 'contract_unsupported', /found +5\.0/],
    ['no interaction', pactText('4.0', []), 'contract_empty', /whatever the provider does/],
    [
      'a status of text',
      pactText('4.0', [interaction({}, { status: 'ok' })]),
      'contract_invalid',
      /\/interactions\/0\/response\/status/,
    ],
    [
      'no request',
      pactText('4.0', [interaction(), { description: 'x', response: {} }]),
      'contract_invalid',
      /\/interactions\/1\/request/,
    ],
    [
      'an unknown encoding',
      pactText('4.0', [interaction({}, { body: { content: 'x', encoded: 'rot13' } })]),
      'contract_invalid',
      /body\/encoded/,
    ],
    [
      'a regex without a pattern',
      pactText('3.0.0', [interaction({}, { matchingRules: { body: { '$.a': { matchers: [{ match: 'regex' }] } } } })]),
      'contract_invalid',
      /\/matchingRules\/body\/\$\.a\/matchers\/0\/regex/,
    ],
  ])('%s', (_name, text, code, message) => {
    let thrown: unknown;
    try {
      readContract('app-service.json', text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(thrown).toMatchObject({ message: expect.stringMatching(/^app-service\.json: /) });
  });
});
