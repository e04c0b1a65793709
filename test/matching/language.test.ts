import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { findTexts, isOf } from '../../src/util/regex/find-text.ts';
import { both, literal, matching, not, ofLength, type Language } from '../../src/util/regex/language.ts';
import { runs } from '../support/runs.ts';

/** A text that matches the first pattern and not the second; undefined where there is none. */
function difference(one: Language, other: Language): string | undefined {
  const found = findTexts(both(one, not(other)));
  if (found.kind === 'unknown') throw new Error(found.reason);
  return found.kind === 'texts' ? found.texts[0] : undefined;
}

const ecma = (source: string): Language => matching(source, 'ecma');
const pact = (source: string): Language => matching(source, 'pact');

describe('every text of the first pattern is one of the second', () => {
  test.each([
    ['^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$', '^[\\w-]+\\.[\\w-]+$'],
    ['^abc$', 'a.*'],
    ['^(?:a|b){2,3}$', '^[ab]+$'],
    ['^\\d{4}-\\d{2}$', '^\\d+-\\d+$'],
    ['^.*\\S.*$', '^.*\\S.*$'],
    ['^Bearer( .*)?$', '^Bearer\\b.*'],
    ['^https://[a-z.]+$', '^https:\\/\\/\\S+$'],
    ['^x{0}y$', 'y'],
    ['^ab$', 'a|ab'],
    ['^a+$', 'a+?'],
    ['^ab$', '(?:a|ab)$'],
    ['^[\\s\\S]{2}$', '[\\s\\S]*'],
  ])('%s is within %s', (one, other) => {
    expect(difference(ecma(one), pact(other))).toBeUndefined();
  });
});

describe('a text tells two patterns apart', () => {
  test.each([
    ['', '^.*\\S.*$', ''],
    ['^a+$', '^a{2,}$', 'a'],
    ['^Bearer', '^Bearer\\b.*', 'Bearer0'],
    ['^ab$', 'b', 'ab'],
    ['^[a-c]$', '^[a-b]$', 'c'],
    ['^\\d*$', '^\\d{1,3}$', ''],
  ])('%s and %s', (one, other, text) => {
    expect(difference(ecma(one), pact(other))).toBe(text);
  });
});

test('a length is a language', () => {
  expect(difference(both(ofLength(1, undefined), ecma('^\\s*$')), literal(' '))).not.toBeUndefined();
  expect(difference(ofLength(2, 2), ecma('^..$'))).not.toBeUndefined(); // a new line is no dot
  expect(difference(ofLength(2, 2), ecma('^[^]{2}$|^[\\s\\S]{2}$'.slice(8)))).toBeUndefined();
});

describe('what no automaton can do is said', () => {
  test.each(['(a)\\1', 'a(?=b)', '(?i)a', '\\p{L}', '[', '(', 'a**+'])('%s', (source) => {
    expect(findTexts(pact(source)).kind).toBe('unknown');
    expect(isOf(pact(source), 'a')).toBeUndefined();
  });
});

test('the automata agree with the engine of JavaScript', () => {
  const atom = fc.constantFrom('a', 'b', '.', '\\d', '\\w', '\\S', '[ab]', '[^a]', '\\b', '^', '$', '-');
  const piece = fc
    .tuple(atom, fc.constantFrom('', '*', '+', '?', '{2}', '{1,2}'))
    .map(([part, many]) => (['^', '$', '\\b'].includes(part) ? part : part + many));
  const sequence = fc.array(piece, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
  const pattern = fc.array(sequence, { minLength: 1, maxLength: 2 }).map((parts) => `(?:${parts.join('|')})`);
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '1', '-', ' ', '\n'), maxLength: 5 });
  fc.assert(
    fc.property(pattern, pattern, text, (one, other, word) => {
      const source = one + other;
      expect(isOf(ecma(source), word)).toBe(new RegExp(source, 'u').test(word));
    }),
    { seed: 1, numRuns: runs(1000, 3000) },
  );
});
