import type { Condition } from '../guarantee/demand/demand.ts';
import { keeps } from '../guarantee/demand/satisfies.ts';
import { textsOf } from '../guarantee/demand/texts.ts';
import { findTexts } from '../guarantee/language/find-text.ts';
import { both, not } from '../guarantee/language/language.ts';
import { exampleOf } from '../guarantee/proof/cover.ts';
import { show } from '../guarantee/proof/finding.ts';
import { jsonTypeOf, wordOf } from '../guarantee/schema/json-type.ts';

/** What is accepted now and was refused: a rule, and the end of a sentence. */
export interface Loosened {
  rule: 'type' | 'value';
  words: string;
}

/** Values of each type but texts, of which there are too many to try. */
const samples: readonly unknown[] = [null, true, false, 0, 1, -1, 7, 2.5, -0.5, 1e6, [], {}, [0], { a: 0 }];

/**
 * Whether a condition accepts a value that another one refused.
 * @param plain whether the values are texts as they stand, of a header.
 */
export function loosened(before: Condition, now: Condition, plain = false): Loosened | undefined {
  if (JSON.stringify(ruleOnly(before)) === JSON.stringify(ruleOnly(now))) return undefined;
  const examples = [exampleOf(before), exampleOf(now)];
  const values = plain ? [] : [...examples, ...samples];
  const found = values.filter((value) => keeps(value, now) !== false && keeps(value, before) === false);
  const strange = found.find((value) => jsonTypeOf(value) !== jsonTypeOf(examples[0]));
  if (strange !== undefined) return { rule: 'type', words: `accepts ${wordOf(jsonTypeOf(strange))}, and refused it` };
  if (found.length > 0) return { rule: 'value', words: `accepts ${show(found[0])}, and refused it` };
  const texts = findTexts(both(textsOf(now, plain), not(textsOf(before, plain))));
  if (texts.kind === 'none') return undefined;
  if (texts.kind === 'texts') return { rule: 'value', words: `accepts ${show(texts.texts[0])}, and refused it` };
  return { rule: 'value', words: `is another, and whether it accepts more is not known: ${texts.reason}` };
}

/** A condition by what it demands: an example counts where the value must be equal to it, or of its type. */
function ruleOnly(condition: Condition): unknown {
  if (condition.kind !== 'rule') return { kind: condition.kind, parts: condition.parts.map(ruleOnly) };
  const { rule, example } = condition;
  if (rule.match === 'equality' || rule.match === 'values') return { rule, example };
  const type = jsonTypeOf(example);
  return { rule, type: type === 'integer' ? 'number' : type };
}
