import { drawBelow, type Random } from '../../util/random.ts';
import { drawText } from '../../util/regex/draw-text.ts';
import { findTexts, isOf } from '../../util/regex/find-text.ts';
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
} from '../../util/regex/language.ts';
import { boundOf, valuesOf, type Branch } from '../schema.ts';

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
  // In lower case, in which RFC 4122 section 3 has UUIDs written.
  uuid: String.raw`[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}`,
  uri: String.raw`[A-Za-z][A-Za-z\d+.-]*:\S*`,
  email: String.raw`[^\s@]+@[^\s@]+`,
  ipv4: String.raw`(?:\d{1,3}\.){3}\d{1,3}`,
  ipv6: String.raw`[\dA-Fa-f:.]+`,
  byte: String.raw`[A-Za-z\d+/=\r\n]*`,
};

const day = 86_400_000;

/** A text of each format for a number, which tells them apart. */
const formatTexts: Readonly<Record<string, (number: number) => string>> = {
  date: (number) => new Date((number + 15_000) * day).toISOString().slice(0, 10),
  time: (number) => new Date(number * 1000).toISOString().slice(11, 19).concat('Z'),
  'date-time': (number) => new Date((number + 15_000) * (day + 61_000)).toISOString().replace('.000', ''),
  duration: (number) => `P${number + 1}D`,
  uuid: (number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
  email: (number) => `name${number}@example.org`,
  'idn-email': (number) => `name${number}@example.org`,
  hostname: (number) => `host${number}.example.org`,
  'idn-hostname': (number) => `host${number}.example.org`,
  ipv4: (number) => `192.0.2.${number % 256}`,
  ipv6: (number) => `2001:db8::${number.toString(16)}`,
  uri: (number) => `https://example.org/${number}`,
  url: (number) => `https://example.org/${number}`,
  iri: (number) => `https://example.org/${number}`,
  'uri-reference': (number) => `/${number}`,
  'iri-reference': (number) => `/${number}`,
  'uri-template': (number) => `/${number}/{id}`,
  'json-pointer': (number) => `/${number}`,
  'relative-json-pointer': (number) => `${number}`,
  regex: (number) => `^a{${number}}$`,
  byte: (number) => Buffer.from(`bytes ${number}`).toString('base64'),
};

/** Letters that need no escape anywhere: an API is checked, not its percent-encoding. */
const letters = 'abcdefghijklmnopqrstuvwxyz0123456789-_';
const longestDrawn = 100_000;

/** A string of a branch; the caller must check that it is valid. */
export function drawString(branch: Branch, random: Random): string {
  const textsOf = (keyword: string): string[] =>
    branch.parts.map(({ schema }) => schema[keyword]).filter((value) => typeof value === 'string');
  const least = boundOf(branch, 'minLength') ?? 0;
  const most = boundOf(branch, 'maxLength') ?? Infinity;
  const fits = (text: string): boolean => {
    const { length } = Array.from(text);
    return length >= least && length <= most;
  };
  const [pattern] = textsOf('pattern');
  if (pattern !== undefined) {
    const more = Math.max(8, Math.min(least, 1000));
    const text = drawText(pattern, random, more);
    if (text !== undefined && fits(text) && isOf(stringsOf(branch), text) !== false) return text;
    const found = findTexts(stringsOf(branch), 4);
    const texts = found.kind === 'texts' ? found.texts : [];
    return texts[drawBelow(random, texts.length)] ?? text ?? '';
  }
  const number = drawBelow(random, 10_000);
  const [known] = textsOf('format').flatMap((format) => formatTexts[format] ?? []);
  const text = known?.(number);
  if (text !== undefined && (fits(text) || most >= text.length)) return text.padEnd(least, text.slice(-1));
  const length = Math.min(least + drawBelow(random, Math.min(most - least, 12) + 1), longestDrawn);
  const usual = number === 0 ? 'string' : '';
  if (fits(usual) && usual !== '') return usual;
  const size = Math.max(length, Math.min(1, most));
  return Array.from({ length: size }, () => letters[drawBelow(random, letters.length)]).join('');
}
