import { allTexts, both, either, literal, matching, wholly, type Language } from '../../../util/regex/language.ts';
import type { JsonType } from '../../../util/json.ts';
import { stringsOf } from '../../../openapi/values/strings.ts';
import { boundOf, TooManyBranches, typesOfBranch, valuesOf, type Branch, type Steps } from '../../../openapi/schema.ts';
import type { Schemas } from './schemas.ts';

/** What may stand in a header at all: characters that can be seen, and spaces between them. */
const fieldValue = matching(String.raw`^(?:[!-~](?:[ -~]*[!-~])?)?$`, 'ecma');

/** The texts in which a header may come, by its schema; perhaps some more. */
export function headerTexts(schemas: Schemas, schema: Steps | undefined): Language {
  if (!schema) return fieldValue;
  try {
    return both(fieldValue, either(...schemas.expand([schema]).map(textsOfBranch)));
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
  const sign = (boundOf(branch, 'minimum') ?? -1) >= 0 ? '' : '-?';
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
