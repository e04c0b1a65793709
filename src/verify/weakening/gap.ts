import { isDeepStrictEqual } from 'node:util';
import type { Condition } from '../../matching/demand.ts';
import { isEquality, keeps, matcherOf, rulesOf, textsOf } from '../../matching/matchers.ts';
import { findTexts, type Found } from '../../util/regex/find-text.ts';
import { both, either, literal, not, noText, wholly, type Language } from '../../util/regex/language.ts';
import { jsonTypeOf, type JsonType } from '../../util/json.ts';

/** A value that only the new condition accepts; or why it is undecided whether there is one. */
type Gap = { kind: 'value'; value: unknown } | { kind: 'unknown'; reason: string };

/** Values of the types other than string and number. */
const samples: readonly unknown[] = [null, true, false, {}, [], { a: 1 }, [1]];

/** Undefined if the new condition is at least as strict, which is proved for texts and numbers. */
export function findGap(was: Condition, is: Condition): Gap | undefined {
  if (isDeepStrictEqual(was, is) || sameRules(was, is)) return undefined;
  const values = isEquality(is) && is.kind === 'rule' ? [is.example] : samples;
  const passing = values.find((value) => keeps(value, is) === true && keeps(value, was) === false);
  if (passing !== undefined) return { kind: 'value', value: passing };
  const found = [findIn(textsOf(is), textsOf(was)), findIn(numbersOf(is), numbersOf(was))];
  const [text, number] = found.map((each) => (each.kind === 'texts' ? each.texts[0] : undefined));
  if (text !== undefined) return { kind: 'value', value: text };
  if (number !== undefined) return { kind: 'value', value: Number(number) };
  return found.find((each) => each.kind === 'unknown');
}

/** An undecided rule means the same as before. */
function sameRules(was: Condition, is: Condition): boolean {
  const [before, after] = [rulesOf(was), rulesOf(is)];
  const aboutExample = before.some((rule) => matcherOf(rule).decides);
  return was.kind === is.kind && !aboutExample && isDeepStrictEqual(before, after);
}

function findIn(is: Language, was: Language): Found {
  return findTexts(both(is, not(was)));
}

export function acceptsAny(condition: Condition, type: JsonType): boolean {
  if (type === 'string') return findTexts(textsOf(condition)).kind !== 'none';
  if (type === 'integer') return findTexts(both(numbersOf(condition), integers)).kind !== 'none';
  if (type === 'number') return findTexts(both(numbersOf(condition), decimals)).kind !== 'none';
  return samples.some((value) => jsonTypeOf(value) === type && keeps(value, condition) === true);
}

/** Numbers as JSON writes them, without exponents. */
const integers = wholly(String.raw`0|-?[1-9]\d*`);
const decimals = wholly(String.raw`-?(?:0|[1-9]\d*)\.\d*[1-9]`);
const numbers = either(integers, decimals);

/** The numbers that keep a condition, as their texts: Pact matches the text of what is no string. */
function numbersOf(condition: Condition): Language {
  if (condition.kind !== 'rule') {
    const parts = condition.parts.map(numbersOf);
    return condition.kind === 'and' ? both(...parts) : either(...parts);
  }
  const accepted = matcherOf(condition.rule).numbers(condition.example);
  if (accepted === 'example') return literal(JSON.stringify(condition.example));
  if (accepted === 'texts') return both(numbers, textsOf(condition));
  return { all: numbers, integers, decimals, none: noText }[accepted];
}

/** A condition within a sentence: `a string and what matches ^a`. */
export function describe(condition: Condition): string {
  if (condition.kind === 'rule') return matcherOf(condition.rule).words(condition.rule, condition.example);
  return condition.parts.map(describe).join(` ${condition.kind} `);
}

/** What passes now. A value that is an example of the contract is left out. */
export function wouldPass(condition: Condition, passing: unknown): string {
  if (isEquality(condition) || passing === undefined) return '';
  const text = JSON.stringify(passing);
  return `: ${text.length > 40 ? `${text.slice(0, 39)}…` : text} would pass`;
}
