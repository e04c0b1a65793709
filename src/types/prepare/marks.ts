import { mapValues, type Kind } from '../../openapi/structure.ts';

/**
 * openapi-typescript takes names for parts of a URL: it decodes `%`, stops at one that begins no escape, and turns `#`
 * into a slash. A property whose name is a number it writes as a number in one place and as a text in another. Marks that
 * stand nowhere else in the document take the place of the two characters, and stand before digits, on the way through.
 */
export interface Marks {
  /** A copy of an object of the document with the marks in the names that it gives. */
  hideNames(holder: Record<string, unknown>, kind: Kind): Record<string, unknown>;
  /** The generated text with what the marks stand for. */
  restore(text: string): string;
}

type Hide = (name: string) => string;

/** Keys whose own keys are names that the API chose. */
const containers = new Set(['paths', 'webhooks', 'responses', 'content', 'headers', 'properties']);
/** Keys whose value is such a name, or a list of them. */
const values = new Set(['operationId', 'name', 'required', 'propertyName']);
/** Where the names are those of properties. */
const ofProperties = new Set(['properties', 'required', 'propertyName']);

/** Chooses marks that the document, as JSON, does not have. */
export function chooseMarks(json: string): Marks {
  const [percent = '', hash = '', digit = ''] = freeCharacters(json);
  const hide: Hide = (name) => name.replaceAll('%', percent).replaceAll('#', hash);
  const hideDigits: Hide = (name) => hide(name).replace(/^(?=\d)/, digit);
  return {
    hideNames: (holder, kind) =>
      mapValues(holder, (value, key) => {
        const change = ofProperties.has(key) ? hideDigits : hide;
        if (values.has(key)) return hideValue(value, change);
        if (kind === 'components' || !isObject(value)) return value;
        if (key === 'discriminator') return hideValueOf(value, 'propertyName', hideDigits);
        return containers.has(key) ? hideKeys(value, change) : value;
      }),
    restore: (text) => {
      const stands = new Map([
        [percent, '%'],
        [hash, '#'],
        [digit, ''],
      ]);
      return [...stands].reduce(
        (changed, [mark, name]) => changed.replaceAll(mark, name).replaceAll(escaped(mark), name),
        text,
      );
    },
  };
}

/** Three characters of the private use area, for which no text has a meaning. */
function freeCharacters(json: string): string[] {
  const text = json.toUpperCase();
  const free: string[] = [];
  for (let code = 0xe0_00; free.length < 3; code += 1) {
    const character = String.fromCodePoint(code);
    if (!json.includes(character) && !text.includes(escaped(character).slice(1).toUpperCase())) free.push(character);
  }
  return free;
}

/** As TypeScript prints the character within a string. */
function escaped(mark: string): string {
  return String.raw`\u${mark.codePointAt(0)?.toString(16).toUpperCase()}`;
}

function hideValue(value: unknown, hide: Hide): unknown {
  if (typeof value === 'string') return hide(value);
  return Array.isArray(value) ? value.map((each: unknown) => hideValue(each, hide)) : value;
}

function hideValueOf(holder: object, name: string, hide: Hide): unknown {
  return mapValues(holder, (value, key) => (key === name ? hideValue(value, hide) : value));
}

function hideKeys(holder: object, hide: Hide): unknown {
  return Object.fromEntries(Object.entries(holder).map(([key, value]: [string, unknown]) => [hide(key), value]));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
