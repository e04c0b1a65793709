import { describe, expect, test } from '@jest/globals';
import { checkGuarantees } from '../../src/verify/guarantee/check-guarantees.ts';
import type { Verdict } from '../../src/verify/verdict.ts';
import { brokenBy, changed, contractOf, ferries, ferriesWith, set, type Parts } from '../verify/guarantee/ferries.ts';

const whole = { id: 1, ship: 'Example', delay: 5, legs: [{ to: 'TLL' }] };

/** The list of sailings, with a rule at a path of its items beside those that hold. */
function withRule(path: string, ...matchers: object[]): Record<string, Parts> {
  const body = {
    $: { matchers: [{ match: 'type' }] },
    '$[*].id': { matchers: [{ match: 'integer' }] },
    [path]: { matchers },
  };
  const example = Object.fromEntries(Object.entries(whole).filter(([name]) => path.includes(name) || name === 'id'));
  return changed('find', {
    response: { body: { content: [example], contentType: 'application/json' }, matchingRules: { body } },
  });
}

function verdictsOf(interactions: Record<string, Parts>): Verdict[] {
  return checkGuarantees(ferries, [contractOf(interactions)]);
}

describe('a rule of the contract that the specification does not guarantee is told', () => {
  test.each<[string, object, string]>([
    ['$[*].ship', { match: 'regex', regex: 'MS .*' }, 'pattern at $.response.body[*].ship'],
    ['$[*].ship', { match: 'include', value: 'MS' }, 'pattern at $.response.body[*].ship'],
    ['$[*].ship', { match: 'notEmpty' }, 'pattern at $.response.body[*].ship'],
    ['$[*].ship', { match: 'semver' }, 'pattern at $.response.body[*].ship'],
    ['$[*].ship', { match: 'date', format: 'yyyy-MM-dd' }, 'format at $.response.body[*].ship'],
    ['$[*].ship', { match: 'boolean' }, 'type at $.response.body[*].ship'],
    ['$[*].ship', { match: 'null' }, 'type at $.response.body[*].ship'],
    ['$[*].id', { match: 'decimal' }, 'type at $.response.body[*].id'],
    ['$[*].delay', { match: 'integer' }, 'null at $.response.body[*].delay'],
    ['$[*].delay', { match: 'type' }, 'null at $.response.body[*].delay'],
    ['$[*].legs', { match: 'type', min: 1 }, 'length at $.response.body[*].legs'],
    ['$[*].legs', { match: 'type', max: 3 }, 'length at $.response.body[*].legs'],
    ['$[*].legs', { match: 'equality' }, 'value at $.response.body[*].legs'],
    ['$[*].legs', { match: 'eachValue', rules: [{ match: 'null' }] }, 'matching rule at $.response.body[*].legs[*]'],
    [
      '$[*].legs[*]',
      { match: 'eachKey', rules: [{ match: 'regex', regex: '[a-z]+' }] },
      'names at $.response.body[*].legs[*]',
    ],
    [
      '$[*].legs',
      { match: 'arrayContains', variants: [{ index: 0, rules: {} }] },
      'contains at $.response.body[*].legs[0]',
    ],
  ])('%s %o', (path, rule, expected) => {
    expect(brokenBy(ferries, withRule(path, rule))).toContain(expected);
  });
});

describe('a rule of the contract that the specification guarantees holds', () => {
  test.each<[string, object[], [string, unknown][]]>([
    ['$[*].ship', [{ match: 'type' }], []],
    ['$[*].ship', [{ match: 'regex', regex: '[A-Z].*' }], [['ship', { type: 'string', pattern: '^[A-Z]\\w+$' }]]],
    ['$[*].ship', [{ match: 'include', value: 'MS ' }], [['ship', { type: 'string', pattern: '^MS \\w+$' }]]],
    ['$[*].ship', [{ match: 'date', format: 'yyyy-MM-dd' }], [['ship', { type: 'string', format: 'date' }]]],
    ['$[*].ship', [{ match: 'notEmpty' }], [['ship', { type: 'string', minLength: 1 }]]],
    ['$[*].ship', [{ match: 'equality' }], [['ship', { type: 'string', enum: ['Example'] }]]],
    ['$[*].id', [{ match: 'number' }], []],
    [
      '$[*].legs',
      [{ match: 'type', min: 1 }],
      [['legs', { type: 'array', minItems: 1, items: { $ref: '#/components/schemas/Leg' } }]],
    ],
  ])('%s %o', (path, rules, changes) => {
    const document = ferriesWith((each) => {
      for (const [name, schema] of changes) set(`/components/schemas/Sailing/properties/${name}`, schema)(each);
    });
    const verdicts = checkGuarantees(document, [contractOf(withRule(path, ...rules))]);
    const place = `$.response.body${path.slice(1)}`;
    expect(verdicts.filter((verdict) => verdict.place === place).map(({ result }) => result)).toContain('holds');
    expect(
      verdicts.filter(
        (verdict) =>
          verdict.place?.startsWith(place) &&
          verdict.result !== 'holds' &&
          !['value', 'example'].includes(verdict.rule),
      ),
    ).toEqual([]);
  });
});

describe('what nobody can prove is said to be open', () => {
  test.each<[string, object]>([
    ['a pattern that looks around', { match: 'regex', regex: '(?=M)\\w+' }],
    ['a rule of a plugin', { match: 'of-a-plugin' }],
    ['letters of a date that are not known', { match: 'date', format: 'GGGG' }],
  ])('%s', (_name, rule) => {
    const found = verdictsOf(withRule('$[*].ship', rule)).filter(({ place }) => place === '$.response.body[*].ship');
    expect(found.map(({ result }) => result)).toContain('not verifiable');
    expect(found.map(({ result }) => result)).not.toContain('broken');
  });

  test('a value without a rule is decided by the state: its type and presence are proved, itself is open', () => {
    const found = verdictsOf(
      changed('find', {
        response: {
          matchingRules: {
            body: { $: { matchers: [{ match: 'type' }] }, '$[*].ship': { matchers: [{ match: 'equality' }] } },
          },
        },
      }),
    )
      .filter(({ place }) => place === '$.response.body[*].ship')
      .map(({ rule, result }) => `${rule} ${result}`);
    expect(found.toSorted()).toEqual(['required holds', 'type holds', 'value not verifiable']);
  });

  test('a value without a rule that cannot come is broken', () => {
    const document = ferriesWith(set('/components/schemas/Sailing/properties/ship/enum', ['Other']));
    const rules = {
      body: { $: { matchers: [{ match: 'type' }] }, '$[*].ship': { matchers: [{ match: 'equality' }] } },
    };
    expect(brokenBy(document, changed('find', { response: { matchingRules: rules } }))).toContain(
      'value at $.response.body[*].ship',
    );
  });

  test('a message', () => {
    const [verdict] = verdictsOf({ event: { type: 'Asynchronous/Messages' } });
    expect(verdict).toMatchObject({ result: 'not verifiable', rule: 'interaction', interaction: 'event' });
  });

  test('a gap in a pending interaction', () => {
    const verdicts = verdictsOf(changed('find', { pending: true, request: { path: '/v2/nothing' } }));
    expect(verdicts).toMatchObject([
      { result: 'not verifiable', rule: 'path', sentence: expect.stringContaining('pending') },
    ]);
  });
});

describe('interactions of one contract count together', () => {
  const delay = (name: string, rule: object, value: unknown): Record<string, Parts> => ({
    [name]:
      changed('find', {
        providerStates: [{ name }],
        response: {
          body: { content: [{ delay: value }], contentType: 'application/json' },
          matchingRules: { body: { $: { matchers: [{ match: 'type' }] }, '$[*].delay': { matchers: [rule] } } },
        },
      })['find'] ?? {},
  });

  test('what one of them accepts is no gap of the other', () => {
    const late = delay('a ship that is late', { match: 'integer' }, 5);
    const punctual = delay('a ship in time', { match: 'null' }, null);
    expect(brokenBy(ferries, { ...late, ...punctual })).toEqual([]);
    expect(brokenBy(ferries, late)).toEqual(['null at $.response.body[*].delay']);
    expect(brokenBy(ferries, punctual)).toEqual(['type at $.response.body[*].delay']);
  });
});
