import { describe, expect, test } from '@jest/globals';
import type { Contract } from '../../../src/contract/pact/contract.ts';
import { readContract } from '../../../src/contract/pact/read-contract.ts';
import { findWeakenings } from '../../../src/contract/weakening/find-weakenings.ts';
import { interaction, pactText } from '../pact/support.ts';

type Rules = Record<string, object>;

interface Answer {
  body?: unknown;
  rules?: Rules;
  headers?: Record<string, string>;
  headerRules?: Rules;
  status?: number;
  request?: object;
  more?: object;
}

function only(...matchers: object[]): object {
  return { combine: 'AND', matchers };
}

function contractWith({ body, rules = {}, headers, headerRules = {}, status = 200, request, more }: Answer): Contract {
  const lists = (each: Rules): object =>
    Object.fromEntries(Object.entries(each).map(([key, rule]) => [key, 'matchers' in rule ? rule : only(rule)]));
  const response = {
    status,
    headers: { 'Content-Type': 'application/json', ...headers },
    body,
    matchingRules: { body: lists(rules), header: lists(headerRules) },
  };
  return readContract('a.json', pactText('3.0.0', [interaction(request, response, more)]));
}

/** Rule and place of what weakens. */
function weakenings(before: Answer, now: Answer): string[] {
  return findWeakenings([contractWith(before)], [contractWith(now)]).map(({ rule, place }) =>
    place === undefined ? rule : `${rule} at ${place}`,
  );
}

const type = { match: 'type' };
const regex = (text: string): object => ({ match: 'regex', regex: text });
const ships = {
  body: [{ id: 7, name: 'Aurora' }],
  rules: { $: { match: 'type', min: 1 }, '$[*].id': { match: 'integer' } },
};

describe('a contract is weaker, by one rule alone, with', () => {
  test.each<[string, Answer, Answer, string]>([
    [
      'any text for a certain one',
      { body: { a: 'x' } },
      { body: { a: 'x' }, rules: { '$.a': type } },
      'value at $.response.body.a',
    ],
    ['another text for a certain one', { body: { a: 'x' } }, { body: { a: 'y' } }, 'value at $.response.body.a'],
    [
      'any text for a pattern',
      { body: { a: 'x' }, rules: { '$.a': regex('^x+$') } },
      { body: { a: 'x' }, rules: { '$.a': type } },
      'value at $.response.body.a',
    ],
    [
      'a wider pattern',
      { body: { a: 'x' }, rules: { '$.a': regex('^x+$') } },
      { body: { a: 'x' }, rules: { '$.a': regex('^x*$') } },
      'value at $.response.body.a',
    ],
    [
      'a number for an integer',
      ships,
      { ...ships, rules: { ...ships.rules, '$[*].id': { match: 'number' } } },
      'type at $.response.body[*].id',
    ],
    [
      'null beside a text',
      { body: { a: 'x' }, rules: { '$.a': type } },
      { body: { a: 'x' }, rules: { '$.a': { combine: 'OR', matchers: [type, { match: 'null' }] } } },
      'type at $.response.body.a',
    ],
    [
      'any date for a date of a format',
      { body: { a: '2024-01-31' }, rules: { '$.a': { match: 'date', format: 'yyyy-MM-dd' } } },
      { body: { a: '2024-01-31' }, rules: { '$.a': type } },
      'value at $.response.body.a',
    ],
    [
      'one pattern of two',
      { body: { a: 'x' }, rules: { '$.a': only(type, regex('^x+$')) } },
      { body: { a: 'x' }, rules: { '$.a': type } },
      'value at $.response.body.a',
    ],
    ['a field less', { body: { a: 'x', b: 1 } }, { body: { a: 'x' } }, 'field at $.response.body.b'],
    ['a field less in an item', ships, { ...ships, body: [{ id: 7 }] }, 'field at $.response.body[*].name'],
    ['fewer items at least', ships, { ...ships, rules: { ...ships.rules, $: type } }, 'length at $.response.body'],
    [
      'more items at most',
      { body: ['x'], rules: { $: { match: 'type', max: 2 } } },
      { body: ['x'], rules: { $: { match: 'type', max: 3 } } },
      'length at $.response.body',
    ],
    [
      'a list of any length for a certain one',
      { body: [] },
      { body: ['x'], rules: { $: type } },
      'length at $.response.body',
    ],
    ['an object for a text', { body: { a: 'x' } }, { body: { a: { b: 'x' } } }, 'type at $.response.body.a'],
    ['no body for one', { body: { a: 'x' } }, {}, 'body at $.response.body'],
    ['a header less', { headers: { Allow: 'GET' } }, {}, 'header at $.response.headers.Allow'],
    [
      'any value of a header',
      { headers: { Allow: 'GET' } },
      { headers: { Allow: 'GET' }, headerRules: { Allow: regex('.*') } },
      'value at $.response.headers.Allow',
    ],
    ['another status', {}, { status: 204 }, 'status at $.response.status'],
    ['another path', {}, { request: { path: '/others' } }, 'request at $.request.path'],
    ['another method', {}, { request: { method: 'PUT' } }, 'request at $.request.path'],
    [
      'another query',
      { request: { query: { a: ['1'] } } },
      { request: { query: { a: ['2'] } } },
      'request at $.request.query',
    ],
    [
      'a header more that the provider may need',
      {},
      { request: { headers: { Authorization: 'Bearer x' } } },
      'request at $.request.headers.Authorization',
    ],
    ['another provider state', { more: { providerStates: [{ name: 'there are ships' }] } }, {}, 'state'],
    [
      'other parameters of a state',
      { more: { providerStates: [{ name: 'ships', params: { count: 2 } }] } },
      { more: { providerStates: [{ name: 'ships', params: { count: 1 } }] } },
      'state',
    ],
    ['an interaction less', {}, { more: { description: 'another request' } }, 'interaction'],
  ])('%s', (_name, before, now, found) => {
    expect(weakenings(before, now)).toEqual([found]);
  });

  test('an interaction that is pending now', () => {
    const read = (pending: boolean): Contract =>
      readContract('a.json', pactText('4.0', [interaction({}, {}, { type: 'Synchronous/HTTP', pending })]));
    expect(findWeakenings([read(false)], [read(true)])).toMatchObject([{ rule: 'pending', contract: 'a.json' }]);
    expect(findWeakenings([read(true)], [read(false)])).toEqual([]);
  });

  test('a contract less', () => {
    expect(findWeakenings([contractWith({})], [])).toMatchObject([{ rule: 'contract', contract: 'a.json' }]);
  });
});

describe('a contract is no weaker with', () => {
  test.each<[string, Answer, Answer]>([
    ['the same', ships, ships],
    ['other examples under the same rules', ships, { ...ships, body: [{ id: 8, name: 'Aurora' }] }],
    [
      'a pattern for any text',
      { body: { a: 'x' }, rules: { '$.a': type } },
      { body: { a: 'x' }, rules: { '$.a': only(type, regex('^x+$')) } },
    ],
    [
      'a narrower pattern',
      { body: { a: 'x' }, rules: { '$.a': regex('^x*$') } },
      { body: { a: 'x' }, rules: { '$.a': regex('^x+$') } },
    ],
    [
      'the same pattern in other words',
      { body: { a: 'x' }, rules: { '$.a': regex('^xx*$') } },
      { body: { a: 'x' }, rules: { '$.a': regex('^x+$') } },
    ],
    ['a certain text for any', { body: { a: 'x' }, rules: { '$.a': type } }, { body: { a: 'x' } }],
    ['an integer for a number', { ...ships, rules: { ...ships.rules, '$[*].id': { match: 'number' } } }, ships],
    ['a field more', { body: { a: 'x' } }, { body: { a: 'x', b: 1 } }],
    ['more items at least', { ...ships, rules: { ...ships.rules, $: type } }, ships],
    ['a header more', {}, { headers: { Allow: 'GET' } }],
    ['a body more', {}, { body: { a: 'x' } }],
    ['a header of the request less', { request: { headers: { Accept: '*/*' } } }, {}],
  ])('%s', (_name, before, now) => {
    expect(weakenings(before, now)).toEqual([]);
  });
});
