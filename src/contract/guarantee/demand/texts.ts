import type { Rule } from '../../pact/matching-rules.ts';
import {
  allTexts,
  both,
  containing,
  either,
  literal,
  matching,
  noText,
  wholly,
  type Language,
} from '../../../matching/regex/language.ts';
import { datePattern } from './date-pattern.ts';
import type { Condition } from '../../../matching/demand.ts';

/** As https://semver.org gives it. */
const semver = String.raw`(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*))*)?(?:\+[\da-zA-Z-]+(?:\.[\da-zA-Z-]+)*)?`;

/**
 * The strings that keep a condition.
 * @param plain whether it is a text as it stands, of a header, a name or a query: there numbers are texts as well.
 */
export function textsOf(condition: Condition, plain = false): Language {
  if (condition.kind !== 'rule') {
    const parts = condition.parts.map((part) => textsOf(part, plain));
    return condition.kind === 'and' ? both(...parts) : either(...parts);
  }
  const { rule, example } = condition;
  return textsOfRule(rule, example, plain);
}

function textsOfRule(rule: Rule, example: unknown, plain: boolean): Language {
  switch (rule.match) {
    case 'regex':
      return matching(rule.regex, 'pact');
    case 'include':
      return containing(rule.value);
    case 'type':
      return typeof example === 'string' ? allTexts : noText;
    case 'equality':
    case 'values':
      return typeof example === 'string' ? literal(example) : noText;
    case 'date':
    case 'time':
    case 'datetime': {
      const pattern = datePattern(rule.match, rule.format);
      return pattern === undefined
        ? { kind: 'unknown', reason: `letters of ${rule.format} that are not known here` }
        : wholly(pattern);
    }
    case 'notEmpty':
      return wholly(String.raw`[\s\S]+`);
    case 'boolean':
      return wholly('true|false');
    case 'semver':
      return wholly(semver);
    case 'integer':
      return plain ? wholly(String.raw`\+?\d+`) : noText;
    case 'number':
    case 'decimal':
      return plain ? wholly(String.raw`[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?`) : noText;
    case 'unknown':
      return { kind: 'unknown', reason: `the rule ${rule.name}, which is none of Pact's own` };
    case 'contentType':
      return { kind: 'unknown', reason: 'the rule contentType, which looks into the bytes' };
    case 'null':
      return noText;
    case 'eachKey':
    case 'eachValue':
    case 'arrayContains':
    case 'statusCode':
      break;
  }
  return allTexts;
}
