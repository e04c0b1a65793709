import { isOf } from '../../../matching/regex/find-text.ts';
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
import type { JsonType } from '../../../util/json.ts';
import { boundOf, TooManyBranches, typesOfBranch, valuesOf, type Branch, type Steps } from '../../../openapi/schema.ts';
import type { Schemas } from './schemas.ts';

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
  const least = Math.min(boundOf(branch, 'minLength') ?? 0, longest);
  const most = boundOf(branch, 'maxLength');
  const lengths =
    most !== undefined && most <= longest ? ofLength(least, Math.max(least, most)) : ofLength(least, undefined);
  // An unreadable pattern limits nothing.
  return both(allTexts, ...parts.filter((part) => isOf(part, '') !== undefined), lengths);
}

/**
 * What the formats of JSON Schema and OpenAPI look like: each text of a format matches its pattern, and perhaps some others do.
 * Formats that are not here say nothing.
 */
const formatPatterns: Readonly<Record<string, string>> = {
  date: String.raw`\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`,
  time: String.raw`(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):?[0-5]\d)`,
  'date-time': String.raw`\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[Tt]|\s)(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):?[0-5]\d)`,
  uuid: String.raw`(?:[Uu][Rr][Nn]:[Uu][Uu][Ii][Dd]:)?[\dA-Fa-f]{8}-(?:[\dA-Fa-f]{4}-){3}[\dA-Fa-f]{12}`,
  uri: String.raw`[A-Za-z][A-Za-z\d+.-]*:\S*`,
  email: String.raw`[^\s@]+@[^\s@]+`,
  ipv4: String.raw`(?:\d{1,3}\.){3}\d{1,3}`,
  ipv6: String.raw`[\dA-Fa-f:.]+`,
  byte: String.raw`[A-Za-z\d+/=\r\n]*`,
};

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

export function headerAllows(schemas: Schemas, schema: Steps | undefined, text: string): boolean {
  return !schema || readings(text).some((value) => schemas.allows([schema], value) === true);
}

/** The values that a text of a header, path or query can represent. */
export function readings(text: string): unknown[] {
  if (text === 'true' || text === 'false') return [text, text === 'true'];
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) ? [text, Number(text)] : [text];
}
