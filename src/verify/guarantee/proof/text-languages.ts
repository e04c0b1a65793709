import {
  allTexts,
  both,
  either,
  literal,
  matching,
  noText,
  ofLength,
  wholly,
  type Language,
} from '../../../matching/regex/language.ts';
import { isOf } from '../../../matching/regex/find-text.ts';
import { boundOf, valuesOf, type Branch } from './branches.ts';
import { formatPatterns } from '../../../contract/guarantee/schema/formats.ts';

/** The largest length that is looked at: beyond it, strings may be of any length, which is more than the schema allows. */
const longest = 300;

/** The strings of a branch, and perhaps some more. */
export function stringsOf(branch: Branch): Language {
  const values = valuesOf(branch);
  if (values) {
    const texts = values.filter((value) => typeof value === 'string');
    return texts.length > 0 ? either(...texts.map(literal)) : noText;
  }
  const parts = branch.parts.flatMap(({ schema: { pattern, format } }) => [
    ...(typeof pattern === 'string' ? [matching(pattern, 'ecma')] : []),
    ...(typeof format === 'string' && formatPatterns[format] !== undefined ? [wholly(formatPatterns[format])] : []),
  ]);
  const least = Math.min(boundOf(branch, 'minLength', Math.max) ?? 0, longest);
  const most = boundOf(branch, 'maxLength', Math.min);
  const lengths =
    most !== undefined && most <= longest ? ofLength(least, Math.max(least, most)) : ofLength(least, undefined);
  return both(allTexts, ...parts.filter((part) => isUsable(part)), lengths);
}

/** Whether a pattern can be read; what nobody can read limits nothing. */
function isUsable(part: Language): boolean {
  return isOf(part, '') !== undefined;
}
