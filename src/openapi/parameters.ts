import { entriesOf, isFields, isList, jsonTypes, type Fields } from '../util/json.ts';
import { isJson } from '../util/media-type.ts';
import type { OpenApiDocument } from './document.ts';
import { partAt, partsBelow, type Part } from './look-up.ts';
import type { OperationParameter } from './operations.ts';
import { mapValues } from './structure.ts';
import type { Steps } from './schema.ts';
import type { TextValues } from './values/text-values.ts';

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
    return separated(text.slice(1), explode || !text.includes(',') ? '.' : ',', explode);
  }
  if (style === 'matrix') {
    if (!text.startsWith(';')) return {};
    const pairs = text.slice(1).split(';').map(splitPair);
    const own = pairs.flatMap(([key, value]) => (key === name ? [value] : []));
    if (!explode) return own[0] === undefined ? {} : separated(own[0], ',', explode);
    return { single: own[0], list: own, object: Object.fromEntries(pairs) };
  }
  const separator = separators[style] ?? ',';
  const list = style !== 'simple' && explode ? [...texts] : texts.flatMap((each) => splitAt(each, separator));
  return { single: texts.length > 1 ? texts : text, list, object: objectOf(list, explode) };
}

/** A value as texts by its style, not yet encoded, each with its name: what `shapesOf()` reads. */
export function writtenTexts({ style, explode }: ParameterStyle, name: string, value: unknown): [string, string][] {
  const entries: [string, unknown][] = isList(value) ? value.map((each) => [name, each]) : entriesOf(value);
  if (!isList(value) && !isFields(value)) {
    const before = style === 'label' ? '.' : style === 'matrix' ? `;${name}=` : '';
    return [[name, before + plainText(value)]];
  }
  if (style === 'deepObject' && !isList(value))
    return entries.map(([key, each]) => [`${name}[${key}]`, plainText(each)]);
  if (explode && !inOneText.has(style)) return entries.map(([key, each]) => [key, plainText(each)]);
  const pairs = entries.map(([key, each]) => (isList(value) && style !== 'matrix' ? '' : `${key}=`) + plainText(each));
  const parts = entries.flatMap(([key, each]) => (isList(value) ? [plainText(each)] : [key, plainText(each)]));
  if (style === 'label') return [[name, `.${explode ? pairs.join('.') : parts.join(',')}`]];
  if (style === 'matrix')
    return [[name, explode ? pairs.map((each) => `;${each}`).join('') : `;${name}=${parts.join(',')}`]];
  return [[name, (explode ? pairs : parts).join(separators[style] ?? ',')]];
}

/** Styles whose exploded values are one text all the same. */
const inOneText = new Set(['simple', 'label', 'matrix']);

/** A value that is no list and no object as it stands in a text. */
export function plainText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** Whether a value can be read from the texts that it is written as: `a,b` in a list is two items. */
export function isReadable(style: ParameterStyle, name: string, value: unknown): boolean {
  const texts = writtenTexts(style, name, value);
  if (texts.length !== 1 || texts[0]?.[0] !== name) return true;
  const { list, object } = shapesOf(style, name, [texts[0][1]]);
  if (isList(value)) return JSON.stringify(list) === JSON.stringify(value.map(plainText));
  if (!isFields(value)) return true;
  return JSON.stringify(object) === JSON.stringify(mapValues(value, plainText));
}

function separated(text: string, separator: string, explode: boolean): Shapes {
  const list = splitAt(text, separator);
  return { single: text, list, object: objectOf(list, explode) };
}

function splitAt(text: string, separator: string): string[] {
  return text === '' ? [] : text.split(separator);
}

function splitPair(text: string): [string, string] {
  const [name = '', value = ''] = text.split(/=(.*)/s);
  return [name, value];
}

/** The object of `a=1,b=2` where it is exploded, of `a,1,b,2` elsewhere. */
function objectOf(parts: readonly string[], explode: boolean): Record<string, string> | undefined {
  if (explode) return parts.every((part) => part.includes('=')) ? Object.fromEntries(parts.map(splitPair)) : undefined;
  if (parts.length % 2 > 0 || parts.some((part, index) => index % 2 === 0 && part.includes('='))) return undefined;
  return Object.fromEntries(parts.flatMap((part, index) => (index % 2 === 0 ? [[part, parts[index + 1] ?? '']] : [])));
}

/** Deeper names are not looked at: a caller may send thousands of brackets. */
const deepest = 20;

function isBracketed(name: string): boolean {
  return name.endsWith(']') && name.indexOf('[') > 0;
}

/**
 * The values whose parts have names such as `filter[size][0]`, by the text before the brackets: objects, lists where all
 * keys are numbers or empty, and texts.
 */
function bracketed(texts: ReadonlyMap<string, readonly string[]>): Map<string, unknown> {
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

/** What a request gives in one place, by name: decoded, and several where a name is given more than once. */
export type Texts = ReadonlyMap<string, readonly string[]>;

export function textsByName(pairs: Iterable<readonly [string, string]>): Map<string, string[]> {
  const texts = new Map<string, string[]>();
  for (const [name, text] of pairs) {
    const known = texts.get(name);
    if (known) known.push(text);
    else texts.set(name, [text]);
  }
  return texts;
}

export interface ReadableParameter extends OperationParameter, ParameterStyle {
  /** Whether the value may be empty, whatever the schema. */
  allowsEmpty: boolean;
  /** Of the value, or of the JSON that it is the text of; undefined where it cannot be judged. */
  schema: Steps | undefined;
  json: boolean;
}

export function describeParameter(document: OpenApiDocument, parameter: OperationParameter): ReadableParameter {
  const { fields = {} } = partAt(document, parameter.steps) ?? {};
  const [[type = '', media] = []] = partsBelow(document, [...parameter.steps, 'content']);
  return {
    ...parameter,
    name: parameter.in === 'header' ? parameter.name.toLowerCase() : parameter.name,
    ...styleOf(fields),
    allowsEmpty: fields['allowEmptyValue'] === true,
    schema: media && !isJson(type) ? undefined : schemaOfPart(media ?? { steps: parameter.steps, fields }),
    json: media !== undefined,
  };
}

export function schemaOfPart({ steps, fields }: Part): Steps | undefined {
  return fields['schema'] === undefined ? undefined : [...steps, 'schema'];
}

/** Reads the values of parameters from the texts of a request, in the forms that their styles and schemas give them. */
export class ParameterReader {
  readonly #values: TextValues;

  constructor(values: TextValues) {
    this.#values = values;
  }

  /**
   * The values that a parameter may have, whose parts are texts; undefined where it is not given, none where what is given is
   * not of its style.
   * @param given what stands in the place of the parameter.
   * @param others the parameters of that place.
   */
  valuesOf(
    { name, schema, in: place, required, ...style }: ReadableParameter & { schema: Steps },
    given: Texts,
    others: readonly Pick<OperationParameter, 'name'>[],
  ): unknown[] | undefined {
    const texts = given.get(name);
    const types = this.#values.types([schema]);
    const isSingle = [...types].some((type) => type !== 'array' && type !== 'object' && type !== 'null');
    const isDeep = style.style === 'deepObject';
    const isSpread = this.#isSpread(schema, { in: place, ...style });
    const tried: unknown[] = [];
    if (isDeep) tried.push(this.#values.fit(bracketed(given).get(name), [schema], false));
    if (isSpread) tried.push(this.#values.fit(this.#spread(schema, given, others), [schema], false));
    if (texts) {
      // Spaces around the parts of a header mean nothing (RFC 9110 section 5.6.1).
      const trimmed =
        place === 'header' ? texts.map((text) => text.replaceAll(/(?<![ \t])[ \t]*,[ \t]*/g, ',')) : texts;
      const { single, list, object } = shapesOf(style, name, trimmed);
      const whole: unknown = place === 'header' ? texts[0] : single;
      if (isSingle) tried.push(whole);
      // Where the schema names no type, a text is a text.
      const isOpen = types.size === jsonTypes.length;
      if (types.has('array') && !isOpen) tried.push(this.#values.fit(list, [schema], false));
      if (types.has('object') && !isOpen && !isSpread && !isDeep) tried.push(this.#values.fit(object, [schema], false));
      if (!isSingle && !tried.some((value) => value !== undefined)) tried.push(whole);
    }
    const values = tried.filter((value) => value !== undefined);
    if (values.length > 0 || texts) return values;
    // Of an empty object nothing is sent.
    return required && isSpread && !isSingle ? [{}] : undefined;
  }

  /** Whether the properties of an object are parameters of their own. */
  #isSpread(schema: Steps, { in: place, style, explode }: Pick<ReadableParameter, 'in'> & ParameterStyle): boolean {
    if (style !== 'form' || !explode || place !== 'query') return false;
    const types = this.#values.types([schema]);
    const isSingle = [...types].some((type) => type !== 'array' && type !== 'object' && type !== 'null');
    return types.has('object') && (!isSingle || this.#values.hasProperties([schema]));
  }

  /** What a form stands for by the schema and the encodings of its media type; all values in it are texts, or were JSON. */
  formOf(document: OpenApiDocument, media: Part, pairs: Iterable<readonly [string, string]>): Record<string, unknown> {
    const schema = [...media.steps, 'schema'];
    const fields = textsByName(pairs);
    const encodings = partsBelow(document, [...media.steps, 'encoding']);
    const isOwn = ([name]: readonly [string, unknown]): boolean =>
      !isBracketed(name) || this.#values.describes([schema], name);
    const inBrackets = bracketed(new Map([...fields].filter((field) => !isOwn(field))));
    const names = new Set([...[...fields].filter(isOwn).map(([name]) => name), ...inBrackets.keys()]);
    const values = [...names].map((name): [string, unknown] => {
      const { contentType: _, ...encoding } = encodings.get(name)?.fields ?? {};
      const texts = fields.get(name);
      const property = this.#values.property([schema], name);
      if (!texts) return [name, this.#values.fit(inBrackets.get(name), property, true)];
      const { single, list } = shapesOf(styleOf({ ...encoding, in: 'query' }), name, texts);
      const wanted = this.#values.types(property);
      const asList = wanted.has('array') && !wanted.has('string') && (list?.length ?? 0) > 1;
      return [name, this.#values.fit(asList ? list : single, property, true)];
    });
    return Object.fromEntries(values);
  }

  /** Whether a name in the query is that of a parameter, or of one of its properties. */
  covers({ name, schema, style, explode, in: place }: ReadableParameter, given: string): boolean {
    if (given === name) return true;
    if (style === 'deepObject') return given.startsWith(`${name}[`);
    return (
      schema !== undefined &&
      this.#isSpread(schema, { in: place, style, explode }) &&
      this.#values.allows([schema], given)
    );
  }

  /** The object whose properties are parameters of their own: those that the schema describes. */
  #spread(schema: Steps, given: Texts, others: readonly Pick<OperationParameter, 'name'>[]): object | undefined {
    const own = [...given].filter(
      ([name]) => !others.some((other) => other.name === name) && this.#values.describes([schema], name),
    );
    const object = Object.fromEntries(own.map(([name, texts]) => [name, texts.length > 1 ? texts : texts[0]]));
    return own.length === 0 ? undefined : object;
  }
}
