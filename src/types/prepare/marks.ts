import type { Kind } from '../../spec/structure.ts';
import { mapValues } from '../../spec/structure.ts';

/**
 * openapi-typescript takes names for parts of a URL: it decodes `%`, stops at one that begins no escape, and turns `#`
 * into a slash. Marks that stand nowhere else in the document take the place of both on the way through it.
 */
export interface Marks {
  /** A copy of an object of the document with the marks in the names that it gives. */
  hideNames(holder: Record<string, unknown>, kind: Kind): Record<string, unknown>;
  /** The generated text with what the marks stand for. */
  restore(text: string): string;
}

/** Keys whose own keys are names that the API chose. */
const containers = new Set(['paths', 'webhooks', 'responses', 'content', 'headers', 'properties']);
/** Keys whose value is such a name, or a list of them. */
const names = new Set(['operationId', 'name', 'required', 'propertyName']);

/** Chooses marks that the document, as JSON, does not have. */
export function chooseMarks(json: string): Marks {
  const hidden = ['%', '#'];
  const free: string[] = [];
  // The private use area: no text has a meaning for its characters.
  for (let code = 0xe0_00; free.length < hidden.length; code += 1) {
    const mark = String.fromCodePoint(code);
    if (!json.includes(mark) && !json.toLowerCase().includes(escaped(mark).slice(1).toLowerCase())) free.push(mark);
  }
  const hide = (text: string): string =>
    hidden.reduce((changed, each, index) => changed.replaceAll(each, free[index] ?? each), text);
  const hideIn = (value: unknown): unknown => {
    if (typeof value === 'string') return hide(value);
    return Array.isArray(value) ? value.map((each: unknown) => hideIn(each)) : value;
  };
  const isObject = (value: unknown): value is object =>
    typeof value === 'object' && value !== null && !Array.isArray(value);

  return {
    hideNames: (holder, kind) =>
      mapValues(holder, (value, key) => {
        if (names.has(key)) return hideIn(value);
        if (key === 'discriminator' && isObject(value)) {
          return mapValues(value, (each, part) => (names.has(part) ? hideIn(each) : each));
        }
        if (kind === 'components' || !containers.has(key) || !isObject(value)) return value;
        return Object.fromEntries(Object.entries(value).map(([name, each]: [string, unknown]) => [hide(name), each]));
      }),
    restore: (text) =>
      hidden.reduce((changed, each, index) => {
        const mark = free[index] ?? each;
        return changed.replaceAll(mark, each).replaceAll(escaped(mark), each);
      }, text),
  };
}

/** As TypeScript prints the character within a string. */
function escaped(mark: string): string {
  return String.raw`\u${mark.codePointAt(0)?.toString(16).toUpperCase()}`;
}
