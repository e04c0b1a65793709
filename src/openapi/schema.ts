import type { OpenApiDocument } from './document.ts';
import { valueAt } from '../util/json.ts';
import { follow } from './look-up.ts';

/**
 * The JSON types that a value may have by the schema at the steps, sorted: `['array']`. Empty where the schema leaves
 * them open. What counts is what a parser sees, so an integer is a number.
 */
export function typesOf(document: OpenApiDocument, steps: readonly string[]): string[] {
  return [...(read(document, steps, []) ?? [])].toSorted();
}

/** @param way the schemas above: one that leads back to itself says nothing. */
function read(document: OpenApiDocument, at: readonly string[], way: string[]): Set<string> | undefined {
  const steps = follow(document, at);
  const place = JSON.stringify(steps);
  if (way.includes(place)) return undefined;
  const own = valueAt(document, [...steps, 'type']);
  if (own !== undefined) {
    const names = [own].flat().filter((type) => typeof type === 'string');
    const types = names.map((type) => (type === 'integer' ? 'number' : type));
    // OpenAPI 3.0 says null beside the type.
    return new Set(valueAt(document, [...steps, 'nullable']) === true ? [...types, 'null'] : types);
  }
  const parts = (keyword: string): (Set<string> | undefined)[] => {
    const list = valueAt(document, [...steps, keyword]);
    if (!Array.isArray(list)) return [];
    return list.map((_, index) => read(document, [...steps, keyword, String(index)], [...way, place]));
  };
  for (const keyword of ['oneOf', 'anyOf']) {
    const choices = parts(keyword).map((types) => [...(types ?? [])]);
    if (choices.length > 0 && choices.every((types) => types.length > 0)) return new Set(choices.flat());
  }
  return parts('allOf').find((types) => types !== undefined);
}
