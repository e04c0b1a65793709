import { decodePercent } from './http.ts';

/** Writes the steps as a JSON pointer: `['paths', '/a']` becomes `/paths/~1a`. */
export function toPointer(steps: readonly (string | number)[]): string {
  return steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Reads the steps of a JSON pointer. Percent signs are decoded where the pointer stands in a URL's fragment. */
export function fromPointer(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => decodePercent(step).replaceAll('~1', '/').replaceAll('~0', '~'));
}

export function valueAt(root: unknown, steps: readonly string[]): unknown {
  let value = root;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}

/** An object from outside, with unchecked values. */
export type Fields = Partial<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields | undefined {
  return isFields(value) ? value : undefined;
}

/** Tells a list from any other value. */
export function isList(value: unknown): value is unknown[] {
  return Array.isArray(value);
}

/** The names and values of an object; none of what is no object. */
export function entriesOf(value: unknown): [string, unknown][] {
  return Object.entries(fieldsOf(value) ?? {});
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A JSON path (RFC 9535): `['3', 'a b']` becomes `$[3]['a b']`. */
export function toJsonPath(steps: readonly string[]): string {
  return `$${steps.map((step) => (/^\d+$/.test(step) ? `[${step}]` : memberStep(step))).join('')}`;
}

/** The step of a JSON path to a member of an object: `.name`, or `['a b']`. */
export function memberStep(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `['${name.replaceAll(/['\\]/g, String.raw`\$&`)}']`;
}

export const jsonTypes = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'] as const;

/** `number` are the numbers that are no integers. */
export type JsonType = (typeof jsonTypes)[number];

export function jsonTypeOf(value: unknown): JsonType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value === 'string' ? 'string' : typeof value === 'boolean' ? 'boolean' : 'object';
}

/** The type within a sentence. */
export function wordOf(type: JsonType): string {
  if (type === 'null') return type;
  return `${/^[aio]/.test(type) ? 'an' : 'a'} ${type}`;
}

/** Types within a sentence, in an order that does not change. */
export function wordsOf(types: Iterable<JsonType>): string {
  const found = new Set(types);
  // An integer is a number.
  if (found.has('number')) found.delete('integer');
  return jsonTypes
    .filter((type) => found.has(type))
    .map(wordOf)
    .join(' or ');
}

/** Deeper nesting could overflow the stack. */
const depthLimit = 200;

/** A byte order mark is no JSON (RFC 8259, section 8.1). */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The value of a JSON text, or undefined if it is not JSON or is nested too deeply. */
export function parseJson(text: Uint8Array | string): unknown {
  try {
    const value: unknown = JSON.parse(typeof text === 'string' ? text : decoder.decode(text));
    return isShallow(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isShallow(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > depthLimit) return false;
    level = level.flatMap((each): unknown[] => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
  return true;
}

export function parseObject(text: Uint8Array | string): Fields | undefined {
  return fieldsOf(parseJson(text));
}

/** The text under a key of an object. */
export function textAt(value: unknown, key: string): string | undefined {
  const text = fieldsOf(value)?.[key];
  return typeof text === 'string' ? text : undefined;
}
