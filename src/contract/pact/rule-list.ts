import { entriesOf, fieldsOf } from '../../pact/input.ts';
import type { Flaw } from './flaw.ts';
import type { PathRules, Rule, RuleList, Variant } from './matching-rules.ts';
import { readRulePath } from './rule-path.ts';
import { readSimpleRule, ruleName } from './simple-rule.ts';

/** Rules below paths into a body, as versions 3 and 4 have them. */
export function readBodyRules(value: unknown, flaw: Flaw): PathRules[] {
  // A body that is one text has its rules without a path.
  const whole = readRuleList(value, flaw);
  if (whole) return [{ ...whole, text: '$', path: [] }];
  return entriesOf(value).flatMap(([text, list]) => {
    const path = readRulePath(text);
    if (!path) throw flaw([text], 'a path such as $.items[*].id');
    const rules = readRuleList(list, flaw.at(text));
    return rules ? [{ ...rules, text, path }] : [];
  });
}

/** A list of rules with how they combine, or undefined where there is none. */
export function readRuleList(value: unknown, flaw: Flaw): RuleList | undefined {
  const { matchers, combine } = fieldsOf(value) ?? {};
  if (!Array.isArray(matchers)) return undefined;
  const rules: Rule[] = matchers.map((rule: unknown, index) => readRule(rule, flaw.at('matchers', String(index))));
  if (rules.length === 0) return undefined;
  return { combine: String(combine).toUpperCase() === 'OR' ? 'or' : 'and', rules };
}

/** One matching rule. */
export function readRule(value: unknown, flaw: Flaw): Rule {
  const fields = fieldsOf(value);
  if (!fields) throw flaw([], 'a matching rule such as {"match": "type"}');
  const name = ruleName(fields);
  if (name === undefined) throw flaw([], 'a matching rule with `match`');
  switch (name) {
    case 'arrayContains':
      return { match: 'arrayContains', variants: readVariants(fields['variants'], flaw.at('variants')) };
    case 'eachKey':
    case 'eachValue':
      return { match: name, rules: readParts(fields['rules'], flaw.at('rules')) };
    default:
      return readSimpleRule(name, fields, flaw);
  }
}

function readVariants(value: unknown, flaw: Flaw): Variant[] {
  if (!Array.isArray(value)) throw flaw([], 'a list of variants');
  return value.map((variant: unknown, index) => {
    const { index: place = 0, rules } = fieldsOf(variant) ?? {};
    return { index: Number(place), rules: readBodyRules(rules, flaw.at(String(index), 'rules')) };
  });
}

function readParts(value: unknown, flaw: Flaw): Rule[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw flaw([], 'a list of matching rules');
  return value.map((rule: unknown, index) => readRule(rule, flaw.at(String(index))));
}
