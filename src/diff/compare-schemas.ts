import { isDeepStrictEqual } from 'node:util';
import type { OpenApiDocument } from '../openapi/document.ts';
import { follow } from '../openapi/look-up.ts';
import { fromPointer, valueAt } from '../util/json.ts';
import type { Told } from './change.ts';

/** A schema, and the document in which its references lead somewhere. */
interface Side {
  document: OpenApiDocument;
  schema: unknown;
}

/** Which way values go: what is sent must still be taken, what is answered must still be expected. */
type Direction = 'request' | 'response';

/** What has changed between the schemas of a body, a parameter or a header. */
export function compareSchemas(before: Side, after: Side, direction: Direction, place = '$'): Told[] {
  return compare(before, after, { direction, place, above: [] });
}

interface Way {
  direction: Direction;
  place: string;
  /** The pairs of schemas above: one that leads back to itself says nothing new. */
  above: readonly (readonly [unknown, unknown])[];
}

function compare(before: Side, after: Side, way: Way): Told[] {
  const pair = [resolve(before.document, before.schema), resolve(after.document, after.schema)] as const;
  if (way.above.some(([a, b]) => a === pair[0] && b === pair[1])) return [];
  const below = { ...way, above: [...way.above, pair] };
  const was = readSchema(before.document, before.schema);
  const is = readSchema(after.document, after.schema);
  return [
    ...compareTypes(was, is, way),
    ...compareValues(was, is, way),
    ...compareBounds(was, is, way),
    ...compareProperties({ ...before, read: was }, { ...after, read: is }, below),
    ...compareItems({ ...before, read: was }, { ...after, read: is }, below),
    ...compareAlternatives({ ...before, read: was }, { ...after, read: is }, below),
  ];
}

type Read = Side & { read: Schema };

/** A change that widens the values is harmless where they are sent, one that narrows them where they are answered. */
function told(way: Way, rule: string, change: 'wider' | 'narrower' | 'other', sentence: string): Told {
  const harmless = way.direction === 'request' ? 'wider' : 'narrower';
  return {
    severity: change === harmless ? 'non-breaking' : 'breaking',
    rule,
    place: way.place,
    sentence: `${way.place}: ${sentence}`,
  };
}

function directionOf(isWithin: boolean, wasWithin: boolean): 'wider' | 'narrower' | 'other' {
  if (isWithin === wasWithin) return 'other';
  return isWithin ? 'narrower' : 'wider';
}

function compareTypes(was: Schema, is: Schema, way: Way): Told[] {
  const within = (a: readonly string[] | undefined, b: readonly string[] | undefined): boolean =>
    b === undefined ||
    (a !== undefined && a.every((type) => b.includes(type) || (type === 'integer' && b.includes('number'))));
  const [isWithin, wasWithin] = [within(is.types, was.types), within(was.types, is.types)];
  if (isWithin && wasWithin) return [];
  const words = `was ${was.types?.join(' or ') ?? 'any type'}, is ${is.types?.join(' or ') ?? 'any type'}.`;
  return [told(way, 'type', directionOf(isWithin, wasWithin), words)];
}

function compareValues(was: Schema, is: Schema, way: Way): Told[] {
  const within = (a: readonly unknown[] | undefined, b: readonly unknown[] | undefined): boolean =>
    b === undefined || (a !== undefined && a.every((value) => b.some((other) => isDeepStrictEqual(value, other))));
  const [isWithin, wasWithin] = [within(is.values, was.values), within(was.values, is.values)];
  if (isWithin && wasWithin) return [];
  const say = (values: readonly unknown[] | undefined): string => (values ? JSON.stringify(values) : 'any value');
  return [told(way, 'enum', directionOf(isWithin, wasWithin), `was ${say(was.values)}, is ${say(is.values)}.`)];
}

const atLeast = /^(min|exclusiveMin)/;
const atMost = /^(max|exclusiveMax)/;

function compareBounds(was: Schema, is: Schema, way: Way): Told[] {
  const names = new Set([...Object.keys(was.bounds), ...Object.keys(is.bounds)]);
  return [...names].flatMap((name) => {
    const [a, b] = [was.bounds[name], is.bounds[name]];
    if (isDeepStrictEqual(a, b)) return [];
    const change = b === undefined ? 'wider' : a === undefined ? 'narrower' : boundChange(name, Number(a), Number(b));
    const say = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));
    return [told(way, name, change, `${name} was ${say(a)}, is ${say(b)}.`)];
  });
}

function boundChange(name: string, was: number, is: number): 'wider' | 'narrower' | 'other' {
  if (atLeast.test(name)) return is > was ? 'narrower' : 'wider';
  if (atMost.test(name)) return is < was ? 'narrower' : 'wider';
  return 'other';
}

function compareProperties(before: Read, after: Read, way: Way): Told[] {
  const [was, is] = [before.read, after.read];
  const names = new Set([...was.properties.keys(), ...is.properties.keys(), ...was.required, ...is.required]);
  return [...names].flatMap((name) => {
    const here = { ...way, place: `${way.place}.${name}` };
    const [had, has] = [was.properties.has(name), is.properties.has(name)];
    const [needed, needs] = [was.required.has(name), is.required.has(name)];
    const changes: Told[] = [];
    if (had && !has) {
      changes.push({ ...told(here, 'property-removed', 'other', 'was there, is not described any more.') });
    } else if (!had && has) {
      const harmless = way.direction === 'response' || !needs;
      const rule = needs ? 'required-property-added' : 'property-added';
      changes.push({ ...told(here, rule, 'other', 'is new.'), severity: harmless ? 'non-breaking' : 'breaking' });
    } else if (needed !== needs) {
      const words = needs ? 'was optional, is required.' : 'was required, is optional.';
      changes.push(told(here, 'required', needs ? 'narrower' : 'wider', words));
    }
    if (!had || !has) return changes;
    const [a, b] = [was.properties.get(name), is.properties.get(name)];
    return [...changes, ...compare({ ...before, schema: a }, { ...after, schema: b }, here)];
  });
}

function compareItems(before: Read, after: Read, way: Way): Told[] {
  const [was, is] = [before.read.items, after.read.items];
  if (was === undefined && is === undefined) return [];
  const here = { ...way, place: `${way.place}[*]` };
  return compare({ ...before, schema: was ?? {} }, { ...after, schema: is ?? {} }, here);
}

function compareAlternatives(before: Read, after: Read, way: Way): Told[] {
  const [was, is] = [before.read.alternatives, after.read.alternatives];
  if (!was && !is) return [];
  if (!was || !is) {
    const sentence = was ? 'had alternatives, has none.' : 'had no alternatives, has some.';
    return [told(way, 'alternatives', 'other', sentence)];
  }
  const same = (a: unknown, b: unknown): boolean =>
    compare({ ...before, schema: a }, { ...after, schema: b }, way).length === 0;
  const gone = was.filter((each) => !is.some((other) => same(each, other)));
  const come = is.filter((each) => !was.some((other) => same(other, each)));
  const [left, right] = [gone[0], come[0]];
  // One that has become another is told for what has changed in it.
  if (gone.length === 1 && come.length === 1) {
    return compare({ ...before, schema: left }, { ...after, schema: right }, way);
  }
  return [
    ...gone.map(() => told(way, 'alternative-removed', 'narrower', 'an alternative was there, is not any more.')),
    ...come.map(() => told(way, 'alternative-added', 'wider', 'an alternative is new.')),
  ];
}

/** A schema of OpenAPI 3.0 or 3.1 with its references followed and its parts put together. */
interface Schema {
  /** The JSON types that a value may have; none says all. */
  types: readonly string[] | undefined;
  /** The only values that there are. */
  values: readonly unknown[] | undefined;
  properties: ReadonlyMap<string, unknown>;
  required: ReadonlySet<string>;
  items: unknown;
  closed: boolean;
  /** Of `oneOf` or `anyOf`. */
  alternatives: readonly unknown[] | undefined;
  /** Everything else that bounds the values: `format`, `minLength`, … */
  bounds: Readonly<Record<string, unknown>>;
}

type Fields = Readonly<Record<string, unknown>>;

const bounding = [
  'format',
  'pattern',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
];

/** The schema that a reference, if it is one, leads to. */
function resolve(document: OpenApiDocument, schema: unknown): unknown {
  const { $ref }: Fields = Object(schema);
  return typeof $ref === 'string' ? valueAt(document, follow(document, fromPointer($ref.slice(1)))) : schema;
}

/** Reads a schema. Of several parts (`allOf`) each bounds what is left by the others. */
function readSchema(document: OpenApiDocument, schema: unknown, depth = 0): Schema {
  const fields: Fields = Object(resolve(document, schema));
  const parts: unknown[] = Array.isArray(fields['allOf']) && depth < 20 ? fields['allOf'] : [];
  return [own(fields), ...parts.map((part) => readSchema(document, part, depth + 1))].reduce(both);
}

function own(fields: Fields): Schema {
  const alternatives: unknown = fields['oneOf'] ?? fields['anyOf'];
  const properties: Fields = Object(fields['properties']);
  return {
    types: typesOf(fields),
    values: valuesOf(fields),
    properties: new Map(Object.entries(properties)),
    required: new Set(Array.isArray(fields['required']) ? fields['required'].map(String) : []),
    items: fields['items'],
    closed: fields['additionalProperties'] === false || fields['unevaluatedProperties'] === false,
    alternatives: Array.isArray(alternatives) ? alternatives : undefined,
    bounds: Object.fromEntries(
      bounding.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]] as const])),
    ),
  };
}

function typesOf({ type, nullable }: Fields): string[] | undefined {
  if (type === undefined) return undefined;
  const types = [type].flat().map(String);
  return nullable === true ? [...types, 'null'] : types;
}

function valuesOf(fields: Fields): unknown[] | undefined {
  if ('const' in fields) return [fields['const']];
  return Array.isArray(fields['enum']) ? fields['enum'] : undefined;
}

function both(a: Schema, b: Schema): Schema {
  return {
    types: a.types && b.types ? a.types.filter((type) => b.types?.includes(type)) : (a.types ?? b.types),
    values: a.values ?? b.values,
    properties: new Map([...a.properties, ...b.properties]),
    required: new Set([...a.required, ...b.required]),
    items: a.items ?? b.items,
    closed: a.closed || b.closed,
    alternatives: a.alternatives ?? b.alternatives,
    bounds: { ...a.bounds, ...b.bounds },
  };
}
