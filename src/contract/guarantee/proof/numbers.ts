import type { Condition } from '../../../matching/demand.ts';
import { textsOf } from '../demand/texts.ts';
import { findTexts } from '../../../matching/regex/find-text.ts';
import { both, not, wholly } from '../../../matching/regex/language.ts';
import { boundOf, type Branch } from '../../../verify/guarantee/proof/branches.ts';

const digits = String.raw`(?:0|[1-9]\d*)`;
const fraction = String.raw`(?:\.\d+)?(?:e[+-]?\d+)?`;

/** The texts in which the numbers of a branch may stand in JSON; perhaps some more. */
function numberTexts(branch: Branch, type: 'integer' | 'number'): string {
  const least = boundOf(branch, 'minimum', Math.max) ?? -Infinity;
  const above = boundOf(branch, 'exclusiveMinimum', Math.max) ?? -Infinity;
  if (type === 'number') return (least >= 0 || above >= 0 ? '' : '-?') + digits + fraction;
  if (least > 0 || above >= 0) return String.raw`[1-9]\d*`;
  return (least > -1 || above >= -1 ? '' : '-?') + digits;
}

/**
 * Whether all numbers of a branch keep a condition. False says nothing.
 * @param type which of the numbers: the integers, or those that are none.
 */
export function coversNumbers(branch: Branch, type: 'integer' | 'number', condition: Condition): boolean {
  if (condition.kind !== 'rule') {
    const covers = (part: Condition): boolean => coversNumbers(branch, type, part);
    return condition.kind === 'and' ? condition.parts.every(covers) : condition.parts.some(covers);
  }
  const { rule, example } = condition;
  switch (rule.match) {
    case 'number':
    case 'notEmpty':
    case 'eachKey':
    case 'eachValue':
    case 'arrayContains':
    case 'statusCode':
      return true;
    case 'type':
      return typeof example === 'number';
    case 'integer':
      return type === 'integer';
    case 'decimal':
      return type === 'number';
    case 'equality':
    case 'values':
      return typeof example === 'number' && isOnly(branch, example);
    case 'regex':
    case 'include':
    case 'date':
    case 'time':
    case 'datetime':
      return findTexts(both(wholly(numberTexts(branch, type)), not(textsOf(condition)))).kind === 'none';
    case 'null':
    case 'boolean':
    case 'semver':
    case 'contentType':
    case 'unknown':
      break;
  }
  return false;
}

/** Whether a branch has no number of the kind, since its bounds leave none. */
export function hasNone(branch: Branch, type: 'integer' | 'number'): boolean {
  const least = boundOf(branch, 'minimum', Math.max) ?? -Infinity;
  const most = boundOf(branch, 'maximum', Math.min) ?? Infinity;
  const above = boundOf(branch, 'exclusiveMinimum', Math.max) ?? -Infinity;
  const underneath = boundOf(branch, 'exclusiveMaximum', Math.min) ?? Infinity;
  if (type === 'number') {
    const steps = branch.parts.map(({ schema }) => schema['multipleOf']);
    return steps.some((step) => Number.isInteger(step)) || (least === most && Number.isInteger(least));
  }
  const first = Math.max(Math.ceil(least), Math.floor(above) + 1);
  const last = Math.min(Math.floor(most), Math.ceil(underneath) - 1);
  return first > last;
}

function isOnly(branch: Branch, value: number): boolean {
  return boundOf(branch, 'minimum', Math.max) === value && boundOf(branch, 'maximum', Math.min) === value;
}
