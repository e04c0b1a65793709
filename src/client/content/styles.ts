import { present } from '../request.ts';

// A style is written as in the table: its name, `*` if it is exploded, `+` if reserved characters stay as they are; `json`
// for a parameter whose content is JSON.

/** A value as one text. Objects are JSON. */
export function scalarText(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

/** The text of a header, or of a path parameter; encoded unless `encode` says otherwise. */
export function simpleText(style: string, name: string, value: unknown, encode = encoder(style)): string {
  const exploded = style.includes('*');
  const label = style.startsWith('label');
  const named = style.startsWith('matrix') ? `${encode(name)}=` : '';
  const prefix = label ? '.' : named && ';';
  const between = exploded ? prefix || ',' : ',';
  if (style === 'json') return encode(JSON.stringify(value));
  if (Array.isArray(value)) {
    const texts = value.map((each) => encode(scalarText(each)));
    return prefix + (exploded ? texts.map((text) => named + text) : [named + texts.join(',')]).join(between);
  }
  if (!isObject(value)) return prefix + named + encode(scalarText(value));
  return prefix + (exploded ? joined(value, '=', between, encode) : named + joined(value, ',', ',', encode));
}

const separators: Readonly<Record<string, string>> = { spaceDelimited: '%20', pipeDelimited: '%7C' };

/** The pairs `name=value` of a query, a form or a cookie, encoded. */
export function toPairs(style: string, name: string, value: unknown): string[] {
  const encode = encoder(style);
  const key = encodeURIComponent(name);
  const exploded = style.includes('*');
  if (style.startsWith('json')) return [`${key}=${encode(typeof value === 'string' ? value : JSON.stringify(value))}`];
  if (style.startsWith('deepObject')) return deepPairs(key, value, encode);
  const separator = separators[style.replaceAll(/\W/g, '')] ?? ',';
  if (Array.isArray(value)) {
    const texts = value.map((each) => encode(scalarText(each)));
    if (exploded) return texts.map((text) => `${key}=${text}`);
    return texts.length > 0 ? [`${key}=${texts.join(separator)}`] : [];
  }
  if (!isObject(value)) return [`${key}=${encode(scalarText(value))}`];
  if (!exploded) return [`${key}=${joined(value, separator, separator, encode)}`];
  return present(value).flatMap(([property, each]) => toPairs('form*', property, each));
}

function deepPairs(key: string, value: unknown, encode: (text: string) => string): string[] {
  if (Array.isArray(value)) return value.flatMap((each, index) => deepPairs(`${key}[${index}]`, each, encode));
  if (!isObject(value)) return [`${key}=${encode(scalarText(value))}`];
  return present(value).flatMap(([name, each]) => deepPairs(`${key}[${encodeURIComponent(name)}]`, each, encode));
}

function joined(value: object, equals: string, between: string, encode: (text: string) => string): string {
  return present(value)
    .map(([name, each]) => encode(name) + equals + encode(scalarText(each)))
    .join(between);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Date);
}

/** Reserved characters (RFC 3986) may stay, but for those that separate the parts of a query. */
function encoder(style: string): (text: string) => string {
  if (!style.includes('+')) return encodeURIComponent;
  return (text) => encodeURIComponent(text).replaceAll(/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/g, decodeURIComponent);
}
