import * as fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { runs } from '../support/runs.ts';
import { compilePattern } from '../../src/util/regex/match-text.ts';

/** Patterns of a few letters, with all that ECMA-262 has for them. */
const pattern = fc.letrec<{ tree: string; atom: string }>((tie) => ({
  atom: fc.oneof(
    fc.constantFrom(
      'a',
      'b',
      '1',
      'é',
      '😀',
      '.',
      '[ab]',
      '[^a]',
      String.raw`\d`,
      String.raw`\w`,
      String.raw`\b`,
      '^',
      '$',
      String.raw`\p{L}`,
      '[^]',
      '[]',
    ),
    fc
      .tuple(fc.constantFrom('(?:', '(', '(?=', '(?!', '(?<=', '(?<!'), tie('tree'))
      .map(([open, part]) => `${open}${part})`),
  ),
  tree: fc
    .array(
      fc.oneof(
        { weight: 3, arbitrary: tie('atom') },
        {
          weight: 2,
          arbitrary: fc
            .tuple(
              fc.constantFrom('a', 'b', '.', '(?:ab)', '(a|b)'),
              fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '*?'),
            )
            .map((parts) => parts.join('')),
        },
        { weight: 1, arbitrary: fc.tuple(tie('atom'), tie('atom')).map((parts) => parts.join('|')) },
      ),
      { maxLength: 4 },
    )
    .map((parts) => parts.join('')),
})).tree;

test('a pattern matches what ECMAScript says', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '1', 'é', '😀', '\n', ' '), maxLength: 8 });
  fc.assert(
    fc.property(pattern, letters, (source, text) => {
      expect([source, compilePattern(source).test(text)]).toEqual([source, new RegExp(source, 'u').test(text)]);
    }),
    { seed: 4010, numRuns: runs(800, 20_000) },
  );
});

describe('a pattern', () => {
  test.each([
    [String.raw`^(.)\1$`, 'aa', true],
    [String.raw`^(?<x>.)\k<x>$`, 'ab', false],
    ['^.{0,5000}$', 'x'.repeat(5000), true],
    ['^(?=.*[a-z])(?=.*[0-9]).{8,}$', 'abcdefg1', true],
    ['^(?=.*[a-z])(?=.*[0-9]).{8,}$', 'abcdefgh', false],
  ])('%s', (source, text, expected) => {
    expect(compilePattern(source).test(text)).toBe(expected);
  });

  test.each([['(a+)+$'], ['(?=(a+)+$)b'], [String.raw`(a+)+\1$`], ['[0-9].{999}x'], ['(a|a)*$']])(
    '%s has a bound in time',
    (source) => {
      const before = process.cpuUsage();
      compilePattern(`^${source}`).test(`${'a1'.repeat(200_000)}!`);
      compilePattern(`^${source}`).test(`${'a'.repeat(400_000)}!`);
      // In microseconds.
      expect(process.cpuUsage(before).user).toBeLessThan(2_000_000);
    },
  );

  test('that is none is refused', () => {
    expect(() => compilePattern('(')).toThrow(SyntaxError);
  });
});
