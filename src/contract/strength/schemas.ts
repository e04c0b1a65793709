import type { OpenApiDocument } from '../../openapi/document.ts';
import type { JsonObject } from '../../verify/mutation/json.ts';

const names = ['string', 'number', 'integer', 'boolean', 'object', 'array'] as const;
type TypeName = (typeof names)[number];

/** The one type of a schema, null aside; undefined where it has none or several. */
export function typeOf(schema: JsonObject): TypeName | undefined {
  const types = [schema['type']].flat().filter((type) => type !== 'null');
  return types.length === 1 ? names.find((name) => name === types[0]) : undefined;
}

export function isNullable(schema: JsonObject): boolean {
  return schema['nullable'] === true || [schema['type']].flat().includes('null');
}

/** A schema that allows null as well, as the document's version of OpenAPI says it. */
export function orNull({ openapi }: OpenApiDocument, schema: JsonObject): JsonObject {
  if (openapi.startsWith('3.0')) return { ...schema, nullable: true };
  if (Array.isArray(schema['enum']) || 'const' in schema || schema['type'] === undefined) {
    return { anyOf: [schema, { type: 'null' }] };
  }
  return { ...schema, type: [...[schema['type']].flat(), 'null'] };
}

/** A schema of another type, null allowed as it was. */
export function ofType(document: OpenApiDocument, schema: JsonObject, type: TypeName): JsonObject {
  const plain = type === 'array' ? { type, items: {} } : { type };
  return isNullable(schema) ? orNull(document, plain) : plain;
}

/** The fixed values of a schema, null aside. */
export function valuesOf(schema: JsonObject): unknown[] {
  const list = Array.isArray(schema['enum']) ? schema['enum'] : 'const' in schema ? [schema['const']] : [];
  return list.filter((value) => value !== null);
}

/** A schema with other fixed values. */
export function withValues(schema: JsonObject, values: readonly unknown[]): JsonObject {
  const { const: _, ...rest } = schema;
  return { ...rest, enum: isNullable(schema) ? [...values, null] : [...values] };
}
