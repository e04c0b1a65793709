import type { OpenApiDocument } from '../../openapi/document.ts';
import { fromPointer, valueAt } from '../../util/json.ts';
import { follow } from '../../openapi/look-up.ts';

/** A schema of OpenAPI 3.0 or 3.1 with its references followed and its parts put together. */
export interface Schema {
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
export function resolve(document: OpenApiDocument, schema: unknown): unknown {
  const { $ref }: Fields = Object(schema);
  return typeof $ref === 'string' ? valueAt(document, follow(document, fromPointer($ref.slice(1)))) : schema;
}

/** Reads a schema. Of several parts (`allOf`) each bounds what is left by the others. */
export function readSchema(document: OpenApiDocument, schema: unknown, depth = 0): Schema {
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
