import type { OpenApiDocument } from '../../openapi/document.ts';
import { fromPointer, valueAt } from '../../util/json.ts';

/**
 * A schema that is all of a base, where the base is one of such schemas: common, meant as inheritance, and endless to a
 * compiler. Within the schema, the base stands without that choice, which says nothing there.
 */
export function withoutBackwardUnion(document: OpenApiDocument, schema: object): object {
  if (!('allOf' in schema) || !Array.isArray(schema.allOf)) return schema;
  const allOf = schema.allOf.map((item: unknown) => {
    const base = lookUp(document, item);
    const unions = base ? ['oneOf', 'anyOf'].filter((key) => leadsBack(document, Reflect.get(base, key), schema)) : [];
    if (!base || unions.length === 0) return item;
    return Object.fromEntries(Object.entries(base).filter(([key]) => ![...unions, 'discriminator'].includes(key)));
  });
  return { ...schema, allOf };
}

/** True if one of the choices is this very schema; its list is the same object wherever it is copied. */
function leadsBack(document: OpenApiDocument, choices: unknown, schema: { allOf?: unknown }): boolean {
  if (!Array.isArray(choices)) return false;
  return choices.some((choice: unknown) => valueAt(lookUp(document, choice), ['allOf']) === schema.allOf);
}

function lookUp(document: OpenApiDocument, item: unknown): object | undefined {
  const reference = valueAt(item, ['$ref']);
  const found = typeof reference === 'string' ? valueAt(document, fromPointer(reference.slice(1))) : undefined;
  return typeof found === 'object' && found !== null ? found : undefined;
}
