import type { Fields } from '../util/json.ts';
import type { OperationParameter } from './operations.ts';

/** How a value is written as text (OpenAPI 3.1, section 4.8.12.3). */
export interface ParameterStyle {
  style: string;
  explode: boolean;
}

/** The style of a parameter, or of a property of a form by its encoding: `in` is `query` then. */
export function styleOf({ style, explode, in: place }: Fields): ParameterStyle {
  const usual = place === 'query' || place === 'cookie' ? 'form' : 'simple';
  const named = typeof style === 'string' ? style : usual;
  return { style: named, explode: typeof explode === 'boolean' ? explode : named === 'form' };
}

const elsewhere = new Set(['accept', 'content-type', 'authorization']);

/** Whether OpenAPI describes a header by other means, and ignores a parameter of its name (OpenAPI 3.1, section 4.8.12.2). */
export function isDescribedElsewhere({ name, in: place }: Pick<OperationParameter, 'name' | 'in'>): boolean {
  return place === 'header' && elsewhere.has(name.toLowerCase());
}

/** What a text may stand for by its style; the schema says which of it is meant. All values in it are texts. */
export interface Shapes {
  single?: string | readonly string[] | undefined;
  list?: string[] | undefined;
  object?: Record<string, string> | undefined;
}

const separators: Readonly<Record<string, string>> = { spaceDelimited: ' ', pipeDelimited: '|' };

/**
 * @param texts decoded; several where the name is given more than once.
 * @returns nothing where the text is not of the style.
 */
export function shapesOf({ style, explode }: ParameterStyle, name: string, texts: readonly string[]): Shapes {
  const [text = ''] = texts;
  if (style === 'label') {
    if (!text.startsWith('.')) return {};
    // OpenAPI before 3.0.4 separates by dots in any case.
    return separated(text.slice(1), explode || !text.includes(',') ? '.' : ',');
  }
  if (style === 'matrix') {
    if (!text.startsWith(';')) return {};
    const pairs = text.slice(1).split(';').map(splitPair);
    const own = pairs.flatMap(([key, value]) => (key === name ? [value] : []));
    if (!explode) return own[0] === undefined ? {} : separated(own[0], ',');
    return { single: own[0], list: own, object: Object.fromEntries(pairs) };
  }
  const separator = separators[style] ?? ',';
  const list = style !== 'simple' && explode ? [...texts] : texts.flatMap((each) => splitAt(each, separator));
  return { single: texts.length > 1 ? texts : text, list, object: objectOf(list) };
}

function separated(text: string, separator: string): Shapes {
  const list = splitAt(text, separator);
  return { single: text, list, object: objectOf(list) };
}

function splitAt(text: string, separator: string): string[] {
  return text === '' ? [] : text.split(separator);
}

function splitPair(text: string): [string, string] {
  const [name = '', value = ''] = text.split(/=(.*)/s);
  return [name, value];
}

/** The object of `a=1,b=2` and of `a,1,b,2`. */
function objectOf(parts: readonly string[]): Record<string, string> | undefined {
  if (parts.every((part) => part.includes('='))) return Object.fromEntries(parts.map(splitPair));
  if (parts.length % 2 > 0) return undefined;
  return Object.fromEntries(parts.flatMap((part, index) => (index % 2 === 0 ? [[part, parts[index + 1] ?? '']] : [])));
}

/** Deeper names are not looked at: a caller may send thousands of brackets. */
const deepest = 20;

export function isBracketed(name: string): boolean {
  return name.endsWith(']') && name.indexOf('[') > 0;
}

/**
 * The values whose parts have names such as `filter[size][0]`, by the text before the brackets: objects, lists where all
 * keys are numbers or empty, and texts.
 */
export function bracketed(texts: ReadonlyMap<string, readonly string[]>): Map<string, unknown> {
  const found = [...texts].flatMap(([key, values]) => {
    if (!isBracketed(key)) return [];
    const at = key.indexOf('[');
    const steps = [key.slice(0, at), ...key.slice(at + 1, -1).split('][', deepest + 1)];
    return steps.length > deepest ? [] : [{ steps, values }];
  });
  return new Map(grouped(found).map(([name, group]) => [name, nested(group)]));
}

interface Placed {
  steps: readonly string[];
  values: readonly string[];
}

function grouped(found: readonly Placed[]): [string, Placed[]][] {
  const groups = new Map<string, Placed[]>();
  for (const { steps, values } of found) {
    const [key = '', ...rest] = steps;
    const group = groups.get(key);
    if (group) group.push({ steps: rest, values });
    else groups.set(key, [{ steps: rest, values }]);
  }
  return [...groups];
}

function nested(found: readonly Placed[]): unknown {
  const own = found.filter(({ steps }) => steps.length === 0).flatMap(({ values }) => values);
  if (own.length > 0) return own.length > 1 ? own : own[0];
  const below = grouped(found).map(([key, group]) => [key, nested(group)] as const);
  if (below.every(([key]) => /^\d*$/.test(key))) return below.flatMap(([, value]) => value);
  return Object.fromEntries(below);
}
