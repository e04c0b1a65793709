import { isEquality } from '../guarantee/demand/conditions.ts';
import type { Condition } from '../../matching/demand.ts';
import { jsonTypeOf, wordOf } from '../guarantee/schema/json-type.ts';
import type { Rule } from '../pact/matching-rules.ts';

/** A condition within a sentence: `a string and what matches ^a`. */
export function describe(condition: Condition): string {
  if (condition.kind === 'rule') return describeRule(condition.rule, condition.example);
  return condition.parts.map(describe).join(` ${condition.kind} `);
}

function describeRule(rule: Rule, example: unknown): string {
  switch (rule.match) {
    case 'type':
      return wordOf(typeof example === 'number' ? 'number' : jsonTypeOf(example));
    case 'equality':
    case 'values':
      return 'exactly the example';
    case 'regex':
      return `what matches ${rule.regex}`;
    case 'include':
      return `what has ${JSON.stringify(rule.value)} in it`;
    case 'date':
    case 'time':
    case 'datetime':
      return `a ${rule.match} ${rule.format}`.trim();
    case 'integer':
      return 'an integer';
    case 'decimal':
      return 'a number with a fraction';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'a boolean';
    case 'null':
      return 'null';
    case 'notEmpty':
      return 'what is not empty';
    case 'semver':
      return 'a semantic version';
    case 'unknown':
      return `what the rule ${rule.name} takes`;
    case 'contentType':
    case 'statusCode':
    case 'arrayContains':
    case 'eachKey':
    case 'eachValue':
      break;
  }
  return `what the rule ${rule.match} takes`;
}

/** What passes now. A value that is an example of the contract is left out. */
export function show(condition: Condition, passing: unknown): string {
  if (isEquality(condition) || passing === undefined) return '';
  const text = JSON.stringify(passing);
  return `: ${text.length > 40 ? `${text.slice(0, 39)}…` : text} would pass`;
}
