import type { Condition } from '../../matching/demand.ts';
import { textsOf } from '../guarantee/demand/texts.ts';
import { both, either, literal, noText, wholly, type Language } from '../../matching/regex/language.ts';

/** Numbers as JSON writes them, without exponents. */
export const integers = wholly(String.raw`0|-?[1-9]\d*`);
export const decimals = wholly(String.raw`-?(?:0|[1-9]\d*)\.\d*[1-9]`);
const numbers = either(integers, decimals);

/** The numbers that keep a condition, as their texts: Pact matches the text of what is no string. */
export function numbersOf(condition: Condition): Language {
  if (condition.kind !== 'rule') {
    const parts = condition.parts.map(numbersOf);
    return condition.kind === 'and' ? both(...parts) : either(...parts);
  }
  const { rule, example } = condition;
  switch (rule.match) {
    case 'integer':
      return integers;
    case 'decimal':
      return decimals;
    case 'type':
      return typeof example === 'number' ? numbers : noText;
    case 'equality':
    case 'values':
      return typeof example === 'number' ? literal(JSON.stringify(example)) : noText;
    case 'boolean':
    case 'null':
    case 'semver':
      return noText;
    case 'number':
    case 'notEmpty':
    case 'statusCode':
    case 'arrayContains':
    case 'eachKey':
    case 'eachValue':
      return numbers;
    case 'regex':
    case 'include':
    case 'date':
    case 'time':
    case 'datetime':
    case 'contentType':
    case 'unknown':
      break;
  }
  return both(numbers, textsOf(condition));
}
