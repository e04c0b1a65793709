import { isEquality } from '../guarantee/demand/conditions.ts';
import type { Condition } from '../../matching/demand.ts';
import { jsonTypeOf } from '../guarantee/schema/json-type.ts';
import { acceptsAny, findGap } from '../../verify/weakening/gap.ts';
import type { Loss, WeakeningRule } from '../../verify/weakening/weakening.ts';
import { describe, show } from './words.ts';

/** What was demanded of a single value and is demanded no more. */
export function compareConditions(was: Condition, is: Condition): Pick<Loss, 'rule' | 'sentence'>[] {
  const gap = findGap(was, is);
  if (!gap) return [];
  const [before, after] = [describe(was), describe(is)];
  if (gap.kind === 'unknown') {
    const sentence = `Nobody can prove that ${after} is as strict as ${before}: ${gap.reason}.`;
    return [{ rule: 'unproved', sentence }];
  }
  if (isEquality(was) && isEquality(is)) return [{ rule: 'exact value', sentence: 'Another value is demanded.' }];
  const sentence = `What was demanded is ${before}, now it is ${after}${show(is, gap.value)}.`;
  return [{ rule: ruleOf(was, gap.value), sentence }];
}

function ruleOf(was: Condition, passing: unknown): WeakeningRule {
  if (isEquality(was)) return 'exact value';
  if (passing === null) return 'null';
  const type = jsonTypeOf(passing);
  if (acceptsAny(was, type)) return 'pattern';
  return type === 'number' && acceptsAny(was, 'integer') ? 'integer' : 'type';
}
