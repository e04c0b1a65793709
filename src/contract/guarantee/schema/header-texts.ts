import { allTexts, both, either, literal, matching, wholly, type Language } from '../../../matching/regex/language.ts';
import { boundOf, typesOfBranch, valuesOf, type Branch } from '../../../verify/guarantee/proof/branches.ts';
import { expand, TooManyBranches } from './expand.ts';
import type { JsonType } from './json-type.ts';
import type { Schemas, Steps } from '../../../verify/guarantee/proof/schemas.ts';
import { stringsOf } from '../../../verify/guarantee/proof/text-languages.ts';

/** What may stand in a header at all: characters that can be seen, and spaces between them. */
const fieldValue = matching(String.raw`^(?:[!-~](?:[ -~]*[!-~])?)?$`, 'ecma');

/** The texts in which a header may come, by its schema; perhaps some more. */
export function headerTexts(schemas: Schemas, schema: Steps | undefined): Language {
  if (!schema) return fieldValue;
  try {
    return both(fieldValue, either(...expand(schemas, [schema]).map(textsOfBranch)));
  } catch (error) {
    if (error instanceof TooManyBranches) return fieldValue;
    throw error;
  }
}

function textsOfBranch(branch: Branch): Language {
  const values = valuesOf(branch);
  if (values)
    return either(...values.map((value) => literal(typeof value === 'string' ? value : JSON.stringify(value))));
  return either(...[...typesOfBranch(branch)].map((type) => textsOfType(branch, type)));
}

function textsOfType(branch: Branch, type: JsonType): Language {
  const sign = (boundOf(branch, 'minimum', Math.max) ?? -1) >= 0 ? '' : '-?';
  switch (type) {
    case 'string':
      return stringsOf(branch);
    case 'integer':
      return wholly(String.raw`${sign}(?:0|[1-9]\d*)`);
    case 'number':
      return wholly(String.raw`${sign}(?:0|[1-9]\d*)\.\d+`);
    case 'boolean':
      return wholly('true|false');
    case 'null':
    case 'array':
    case 'object':
      break;
  }
  return allTexts;
}

/** Whether a text may stand in a header, as a string or as what it can be read as. */
export function headerAllows(schemas: Schemas, schema: Steps | undefined, text: string): boolean {
  return !schema || readings(text).some((value) => schemas.allows([schema], value) === true);
}

/** What a text of a header, path or query may stand for. */
export function readings(text: string): unknown[] {
  if (text === 'true' || text === 'false') return [text, text === 'true'];
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) ? [text, Number(text)] : [text];
}
