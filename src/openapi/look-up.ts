import type { OpenApiDocument, Reference } from './document.ts';
import { entriesOf, fieldsOf, fromPointer, valueAt, type Fields } from '../util/json.ts';
import { Problem } from '../util/errors.ts';

/**
 * The thing itself, where the document has a reference to it.
 * @throws Problem if the reference leads to something that is no object.
 */
export function lookUp<T extends object>(document: OpenApiDocument, thing: T | Reference): T {
  const reference = isReference(thing) ? thing.$ref : '';
  const found = reference === '' ? thing : valueAt(document, follow(document, fromPointer(reference.slice(1))));
  if (isLike(found, thing)) return found;
  throw new Problem({
    code: 'reference_unresolved',
    what: `The reference ${reference} does not lead to an object.`,
    remedy: 'Correct the $ref, or what it points to.',
  });
}

/** The schema of OpenAPI says what may stand where; what remains to be seen is that there is something. */
function isLike<T extends object>(value: unknown, _thing: T | Reference): value is T {
  return typeof value === 'object' && value !== null;
}

/** The steps to a place in the document with no reference on the way, the last one included. */
export function follow(document: object, steps: readonly string[]): string[] {
  let way: string[] = [];
  const ahead = [...steps];
  // A document whose references run in a circle has no end; longer chains than this are circles.
  for (let hops = 0; hops < 100;) {
    const here = valueAt(document, way);
    if (isReference(here)) {
      way = fromPointer(here.$ref.slice(1));
      hops += 1;
      continue;
    }
    const next = ahead.shift();
    if (next === undefined) break;
    way.push(next);
  }
  return way;
}

/** An object of the document, with the keys that lead to it. */
export interface Part {
  steps: string[];
  fields: Fields;
}

/** The object at a place, references followed, or undefined where there is none. */
export function partAt(document: OpenApiDocument, at: readonly string[]): Part | undefined {
  const steps = follow(document, at);
  const fields = fieldsOf(valueAt(document, steps));
  return fields && { steps, fields };
}

/** The objects below the names of an object. */
export function partsBelow(document: OpenApiDocument, at: readonly string[]): Map<string, Part> {
  const part = partAt(document, at);
  const found = new Map<string, Part>();
  for (const [name] of entriesOf(part?.fields)) {
    const below = partAt(document, [...(part?.steps ?? []), name]);
    if (below) found.set(name, below);
  }
  return found;
}

function isReference(value: unknown): value is Reference {
  return typeof value === 'object' && value !== null && '$ref' in value && typeof value.$ref === 'string';
}
