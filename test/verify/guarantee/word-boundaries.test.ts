// `\b` and `\B` beside letters that are not ASCII: what is proved of them is what Pact does.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { checkGuarantees } from '../../../src/verify/guarantee/check-guarantees.ts';
import type { Verdict } from '../../../src/verify/verdict.ts';
import { changed, contractOf, ferriesWith, set } from './ferries.ts';
import { judgeByPact } from './pact-judge.ts';

type Case = [regex: string, text: string];

const matchers = (regex: string): object => ({ matchers: [{ match: 'regex', regex }] });

/** What is said of a contract that demands a pattern, where the specification allows one text alone. */
function said([regex, text]: Case, schema: object): Verdict['result'][] {
  const document = ferriesWith(set('/components/schemas/Sailing/properties/ship', { type: 'string', ...schema }));
  const contract = contractOf(
    changed('find', {
      response: {
        body: { content: [{ ship: text }], contentType: 'application/json' },
        matchingRules: { body: { $: { matchers: [{ match: 'type' }] }, '$[*].ship': matchers(regex) } },
      },
    }),
  );
  return checkGuarantees(document, [contract])
    .filter(
      ({ place, rule }) =>
        place === '$.response.body[*].ship' && ['pattern', 'example', 'matching rule'].includes(rule),
    )
    .map(({ result }) => result);
}

const beyond: Case[] = [
  [String.raw`é\B `, 'é '],
  [String.raw`é\b `, 'é '],
  [String.raw`é\B`, 'é'],
  [String.raw`é\b`, 'é'],
  [String.raw`\Bé`, 'é'],
  [String.raw`\bé`, 'é'],
  [String.raw`a\bé`, 'aé'],
  [String.raw`a\Bé`, 'aé'],
  [String.raw`é\ba`, 'éa'],
  [String.raw`é\Ba`, 'éa'],
  [String.raw`.*\B .*`, 'Москва !'],
  [String.raw`.*\b .*`, 'Москва !'],
  [String.raw`1\b٣`, '1٣'],
  [String.raw`1\B٣`, '1٣'],
  [String.raw`.*\Ba`, 'é a'],
];

const within: Case[] = [
  [String.raw`a\b `, 'a '],
  [String.raw`a\B `, 'a '],
  [String.raw`\bab\b`, 'ab'],
  [String.raw`a\bb`, 'ab'],
  [String.raw`a\Bb`, 'ab'],
  [String.raw`-\B `, '- '],
  [String.raw`-\b `, '- '],
  [String.raw`.*\ba`, 'é a'],
];

const accepted = new Map<string, boolean>();
const acceptedByPact = (each: Case): boolean => accepted.get(each.join('\n')) === true;
beforeAll(async () => {
  const cases = [...beyond, ...within];
  const trials = cases.map(([regex, text]) => ({
    response: {
      status: 200,
      headers: { 'Content-Type': ['application/json'] },
      body: { content: { a: text }, contentType: 'application/json', encoded: false },
      matchingRules: { body: { '$.a': matchers(regex) } },
    },
    answer: { body: { a: text } },
  }));
  const judged = await judgeByPact('4.0', trials);
  for (const [index, each] of cases.entries()) accepted.set(each.join('\n'), judged[index] === true);
});

const schemas: [name: string, schemaOf: (text: string) => object][] = [
  ['an enum', (text) => ({ enum: [text] })],
  ['a pattern', (text) => ({ pattern: `^${text}$` })],
];

describe.each(schemas)('where %s allows one text', (_name, schemaOf) => {
  test.each(beyond)('%s is never judged against Pact: "%s"', (...each) => {
    const results = said(each, schemaOf(each[1]));
    const wrong = acceptedByPact(each) ? 'broken' : 'holds';
    expect(results).not.toEqual([]);
    expect(results).not.toContain(wrong);
  });

  test.each(within)('%s is judged as Pact does: "%s"', (...each) => {
    expect(said(each, schemaOf(each[1]))).toEqual([acceptedByPact(each) ? 'holds' : 'broken']);
  });
});
