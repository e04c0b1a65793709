import type { RuleList } from '../pact/model.ts';
import { both, quote, wholly, type Language } from '../util/regex/language.ts';
import { conditionOf, textsOf } from './matchers.ts';

/** Headers whose parameters Pact compares one by one, and in which it accepts further ones. */
const parameterised = new Set(['content-type', 'accept']);

/**
 * The values of a header that keep its rules, or its example as Pact compares it: whatever the blanks, the case of a charset
 * and further parameters.
 * @param name in small letters.
 */
export function demandedHeaderTexts(name: string, list: RuleList | undefined, example: string): Language {
  if (list) return textsOf(conditionOf(list, example), true);
  if (!parameterised.has(name)) return wholly(`\\s*${partsOf(example, ',').map(quote).join('\\s*,\\s*')}\\s*`);
  const [type = '', ...parameters] = partsOf(example, ';');
  return both(
    wholly(`\\s*${quote(type)}\\s*(?:;[\\s\\S]*)?`),
    ...parameters.map((parameter) =>
      wholly(`[^;]*(?:;[\\s\\S]*)?;\\s*${parameterPattern(parameter)}\\s*(?:;[\\s\\S]*)?`),
    ),
  );
}

/** The value of a header without what Pact does not look at. @param name in small letters. */
export function plainHeader(name: string, value: string): string {
  if (!parameterised.has(name)) return partsOf(value, ',').join(', ');
  return partsOf(value, ';')
    .map((part) => (/^charset\s*=/i.test(part) ? part.toLowerCase() : part))
    .join('; ');
}

function partsOf(text: string, separator: string): string[] {
  return text.split(separator).map((part) => part.trim());
}

function parameterPattern(parameter: string): string {
  const [name = '', value = ''] = parameter.split(/\s*=\s*(.*)/s);
  const isCharset = name.toLowerCase() === 'charset';
  return `${anyCase(name)}\\s*=\\s*${isCharset ? anyCase(value) : quote(value)}`;
}

function anyCase(text: string): string {
  return quote(text).replaceAll(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
}
