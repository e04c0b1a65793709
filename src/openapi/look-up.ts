import type { OpenApiDocument } from './document.ts';
import { entriesOf, fieldsOf, fromPointer, valueAt, type Fields } from '../util/json.ts';

/** The steps to a place in the document with no reference on the way, the last one included. */
export function follow(document: object, steps: readonly string[]): string[] {
  let way: string[] = [];
  const ahead = [...steps];
  // A document whose references run in a circle has no end; longer chains than this are circles.
  for (let hops = 0; hops < 100;) {
    const reference = valueAt(document, [...way, '$ref']);
    if (typeof reference === 'string') {
      way = fromPointer(reference.slice(1));
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

export function partAt(document: OpenApiDocument, at: readonly string[]): Part | undefined {
  const steps = follow(document, at);
  const fields = fieldsOf(valueAt(document, steps));
  return fields && { steps, fields };
}

export function partsBelow(document: OpenApiDocument, at: readonly string[]): Map<string, Part> {
  const part = partAt(document, at);
  const found = new Map<string, Part>();
  for (const [name] of entriesOf(part?.fields)) {
    const below = partAt(document, [...(part?.steps ?? []), name]);
    if (below) found.set(name, below);
  }
  return found;
}
