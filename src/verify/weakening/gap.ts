import { isDeepStrictEqual } from 'node:util';
import { isEquality, rulesOf } from '../../contract/guarantee/demand/conditions.ts';
import type { Condition } from '../../matching/demand.ts';
import { keeps } from '../../matching/matchers.ts';
import { textsOf } from '../../contract/guarantee/demand/texts.ts';
import { findTexts, type Found } from '../../matching/regex/find-text.ts';
import { both, not, type Language } from '../../matching/regex/language.ts';
import { jsonTypeOf, type JsonType } from '../../contract/guarantee/schema/json-type.ts';
import { decimals, integers, numbersOf } from '../../contract/weakening/numbers.ts';

/** What passes by the new condition and did not by the old one; or why nobody can say whether there is any. */
export type Gap = { kind: 'value'; value: unknown } | { kind: 'unknown'; reason: string };

/** One of each kind that is neither text nor number. */
const samples: readonly unknown[] = [null, true, false, {}, [], { a: 1 }, [1]];

/** Undefined: the new condition is at least as strict, which is proved for texts and numbers. */
export function findGap(was: Condition, is: Condition): Gap | undefined {
  if (isDeepStrictEqual(was, is) || sameRules(was, is)) return undefined;
  const values = isEquality(is) && is.kind === 'rule' ? [is.example] : samples;
  const passing = values.find((value) => keeps(value, is) === true && keeps(value, was) === false);
  if (passing !== undefined) return { kind: 'value', value: passing };
  const found = [findText(is, was, false), findIn(numbersOf(is), numbersOf(was))];
  const [text, number] = found.map((each) => (each.kind === 'texts' ? each.texts[0] : undefined));
  if (text !== undefined) return { kind: 'value', value: text };
  if (number !== undefined) return { kind: 'value', value: Number(number) };
  return found.find((each) => each.kind === 'unknown');
}

/** Where nobody can say what a rule means, it means the same as before. */
function sameRules(was: Condition, is: Condition): boolean {
  const [before, after] = [rulesOf(was), rulesOf(is)];
  const aboutExample = before.some(({ match }) => match === 'equality' || match === 'values' || match === 'type');
  return was.kind === is.kind && !aboutExample && isDeepStrictEqual(before, after);
}

/** Texts that keep one condition and not the other. @param plain of a header: numbers are texts as well. */
export function findText(is: Condition, was: Condition, plain = true): Found {
  return findIn(textsOf(is, plain), textsOf(was, plain));
}

function findIn(is: Language, was: Language): Found {
  return findTexts(both(is, not(was)));
}

/** Whether a condition takes any value of a type. */
export function acceptsAny(condition: Condition, type: JsonType): boolean {
  if (type === 'string') return findTexts(textsOf(condition)).kind !== 'none';
  if (type === 'integer') return findTexts(both(numbersOf(condition), integers)).kind !== 'none';
  if (type === 'number') return findTexts(both(numbersOf(condition), decimals)).kind !== 'none';
  return samples.some((value) => jsonTypeOf(value) === type && keeps(value, condition) === true);
}
