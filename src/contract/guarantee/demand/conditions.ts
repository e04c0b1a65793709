import type { Rule, RuleList } from '../../pact/matching-rules.ts';
import type { Condition } from '../../../matching/demand.ts';

/** What a list of rules demands of a value that stands where the example does. Without rules, to be equal to it. */
export function conditionOf(list: RuleList | undefined, example: unknown): Condition {
  if (!list) return { kind: 'rule', rule: { match: 'equality' }, example };
  const parts = list.rules.map((rule): Condition => ({ kind: 'rule', rule, example }));
  const [only] = parts;
  return parts.length === 1 && only ? only : { kind: list.combine, parts };
}

/** All the rules in a condition. */
export function rulesOf(condition: Condition): Rule[] {
  return condition.kind === 'rule' ? [condition.rule] : condition.parts.flatMap(rulesOf);
}

/** Whether nothing but equality to the example is demanded. */
export function isEquality(condition: Condition): boolean {
  return condition.kind === 'rule' && (condition.rule.match === 'equality' || condition.rule.match === 'values');
}
