import type { OpenApiDocument } from '../../openapi/document.ts';
import { valueAt } from '../../util/json.ts';
import { article, kindOf } from '../provider/kind.ts';
import { bodyPlace, writeSteps } from '../../verify/provider/places.ts';

const known = new WeakMap<OpenApiDocument, ReadonlySet<string>>();

/**
 * A place in a body as verdicts write it. A key that the specification does not name came from the provider, where it may be
 * somebody's name, and becomes `[*]`, as an index does.
 */
export function answerPlace(document: OpenApiDocument, steps: readonly string[]): string {
  const names = known.get(document) ?? new Set(propertyNames(document));
  known.set(document, names);
  return bodyPlace + writeSteps(steps.map((key) => (names.has(key) ? { key } : '*')));
}

/** What is at a place, of which only the kind may be said. */
export function kindAt(value: unknown, steps: readonly string[]): string {
  return article(kindOf(valueAt(value, steps)));
}

function propertyNames(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]: [string, unknown]) => [
    ...(key === 'properties' ? Object.keys(Object(child)) : []),
    ...(key === 'required' && Array.isArray(child) ? child.map(String) : []),
    ...propertyNames(child),
  ]);
}
