import type { OpenApiDocument } from '../../openapi/document.ts';
import { fromPointer, valueAt } from '../../util/json.ts';
import { follow } from '../../openapi/look-up.ts';
import { isObject, type JsonObject } from '../../verify/mutation/json.ts';

/** Makes what stands at a place into something else; undefined takes it away. */
export type Edit = (value: unknown) => unknown;

/**
 * A copy of a document with one place changed. References on the way are replaced by what they lead to, so that nothing
 * changes for anybody else who refers to the same thing.
 */
export function rewrite(document: OpenApiDocument, steps: readonly string[], edit: Edit): OpenApiDocument {
  const copy = { ...document };
  const [first, ...rest] = steps;
  if (first !== undefined) Reflect.set(copy, first, rewriteWithin(document, valueAt(document, [first]), rest, edit));
  return copy;
}

/** The same for what must be an object. */
export function rewriteObject(
  document: OpenApiDocument,
  steps: readonly string[],
  edit: (value: JsonObject) => JsonObject,
): OpenApiDocument {
  return rewrite(document, steps, (value) => edit(isObject(value) ? value : {}));
}

function rewriteWithin(document: OpenApiDocument, value: unknown, steps: readonly string[], edit: Edit): unknown {
  const real = dereference(document, value);
  const [first, ...rest] = steps;
  if (first === undefined) return edit(real);
  if (Array.isArray(real)) {
    return real.map((item: unknown, index) =>
      String(index) === first ? rewriteWithin(document, item, rest, edit) : item,
    );
  }
  const holder = isObject(real) ? real : {};
  const inside = rewriteWithin(document, holder[first], rest, edit);
  const others = Object.entries({ ...holder, [first]: inside });
  return Object.fromEntries(others.filter(([, each]) => each !== undefined));
}

/** What a reference leads to. In OpenAPI 3.1 a schema may say more beside its reference. */
function dereference(document: OpenApiDocument, value: unknown): unknown {
  if (!isObject(value) || typeof value['$ref'] !== 'string') return value;
  const target = valueAt(document, follow(document, fromPointer(value['$ref'].slice(1))));
  if (!isObject(target)) return value;
  const { $ref: _, ...beside } = value;
  return document.openapi.startsWith('3.0') ? target : { ...target, ...beside };
}
