import { quote } from '../util/regex/language.ts';

const letters: Readonly<Record<string, string>> = {
  yyyy: String.raw`\d{4}`,
  uuuu: String.raw`\d{4}`,
  yy: String.raw`\d{2}`,
  MM: '(?:0[1-9]|1[0-2])',
  MMM: '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)',
  dd: String.raw`(?:0[1-9]|[12]\d|3[01])`,
  EEE: '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)',
  HH: String.raw`(?:[01]\d|2[0-3])`,
  hh: '(?:0[1-9]|1[0-2])',
  mm: String.raw`[0-5]\d`,
  ss: String.raw`[0-5]\d`,
  S: String.raw`\d`,
  SS: String.raw`\d{2}`,
  SSS: String.raw`\d{3}`,
  SSSSSS: String.raw`\d{6}`,
  a: '(?:AM|PM)',
  X: String.raw`(?:Z|[+-](?:0\d|1[0-4])(?:[0-5]\d)?)`,
  XX: String.raw`(?:Z|[+-](?:0\d|1[0-4])[0-5]\d)`,
  XXX: String.raw`(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)`,
  Z: String.raw`[+-](?:0\d|1[0-4])[0-5]\d`,
};

/** The pattern of the texts that a format of dates and times accepts; undefined for a format with other letters. */
export function datePattern(format: string): string | undefined {
  const parts = format.match(/'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']/g) ?? [];
  let source = '';
  for (const part of parts) {
    if (/^[A-Za-z]/.test(part)) {
      if (letters[part] === undefined) return undefined;
      source += letters[part];
    } else source += quote(part.startsWith("'") ? part.slice(1, -1).replaceAll("''", "'") || "'" : part);
  }
  return source;
}
