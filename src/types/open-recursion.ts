import type { OpenApiDocument } from '../openapi/document.ts';
import { fromPointer, valueAt } from '../util/json.ts';
import { partsOf } from '../openapi/structure.ts';

/** Behind these, TypeScript looks at a type only when it must. */
const lazy = new Set(['properties', 'additionalProperties', 'patternProperties']);

/**
 * The schemas that contain themselves with no object between, such as a list of itself. TypeScript refuses them as a
 * property's type and accepts them as a type of their own name.
 */
export function findOpenRecursion(document: OpenApiDocument): Set<string> {
  const schemas: Record<string, unknown> = { ...Object(valueAt(document, ['components', 'schemas'])) };
  const edges = new Map(Object.entries(schemas).map(([name, schema]) => [name, directReferences(schema)]));
  return new Set([...edges.keys()].filter((name) => reaches(edges, name)));
}

function reaches(edges: Map<string, string[]>, start: string): boolean {
  const seen = new Set<string>();
  const ahead = [...(edges.get(start) ?? [])];
  for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
    if (name === start) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    ahead.push(...(edges.get(name) ?? []));
  }
  return false;
}

function directReferences(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const reference = valueAt(schema, ['$ref']);
  const own = typeof reference === 'string' ? fromPointer(reference.slice(1)).slice(2, 3) : [];
  const parts = partsOf(schema, 'schemas').filter(({ path }) => !lazy.has(path[0] ?? ''));
  return [...own, ...parts.flatMap(({ value }) => directReferences(value))];
}
