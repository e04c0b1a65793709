import type { OpenApiDocument } from '../../openapi/document.ts';
import { valueAt } from '../../util/json.ts';
import { isMappedReference } from '../../openapi/load/references.ts';
import { mapValues } from '../../openapi/structure.ts';

/** References lead to components by now; what is defined within a schema would become a property. */
const unread = new Set(['$defs', 'definitions', '$id', '$schema', '$anchor', '$comment', 'externalDocs', 'xml']);
/** Keywords that say more of the value than a `$ref` beside them does (OpenAPI 3.1; in 3.0 they are to be ignored). */
const constraints = ['allOf', 'anyOf', 'oneOf', 'properties', 'additionalProperties', 'required', 'enum', 'const'];

/** A copy of one schema, without its parts, in the words that openapi-typescript gets right. */
export function mendSchema(schema: object, document: OpenApiDocument, version31: boolean): Record<string, unknown> {
  const kept = Object.entries(schema).filter(
    ([key, value]: [string, unknown]) => !unread.has(key) && (key !== 'title' || typeof value === 'string'),
  );
  const mended: Record<string, unknown> = Object.fromEntries(kept);
  if (Array.isArray(mended['enum'])) mended['enum'] = mended['enum'].filter(isJson);
  if (mended['const'] === null) {
    delete mended['const'];
    mended['enum'] = [null];
  }
  const mapping = valueAt(mended, ['discriminator', 'mapping']);
  if (mapping) mended['discriminator'] = { ...Object(mended['discriminator']), mapping: named(mapping, document) };
  return version31 ? besideReference(mended) : mended;
}

/** In YAML a number may be infinite; in what an API answers it cannot. */
function isJson(value: unknown): boolean {
  return typeof value !== 'number' || Number.isFinite(value);
}

/** A mapping to the bare name of a schema becomes one to a reference. */
function named(mapping: unknown, document: OpenApiDocument): Record<string, unknown> {
  return mapValues(Object(mapping), (name) => {
    if (typeof name !== 'string' || isMappedReference(name)) return name;
    return valueAt(document, ['components', 'schemas', name]) === undefined ? name : `#/components/schemas/${name}`;
  });
}

function besideReference(schema: Record<string, unknown>): Record<string, unknown> {
  if (typeof schema['$ref'] !== 'string' || !constraints.some((key) => key in schema)) return schema;
  const { $ref, allOf, ...rest } = schema;
  return { ...rest, allOf: [{ $ref }, ...(Array.isArray(allOf) ? allOf : [])] };
}
