import type { Method, OpenApiDocument } from '../../openapi/document.ts';
import { valueAt } from '../../util/json.ts';
import { follow } from '../../openapi/look-up.ts';
import { entriesOf, fieldsOf, type Fields } from '../../pact/input.ts';
import type { Steps } from './proof/schemas.ts';

/** The operation of the specification that a request of a contract is for. */
export interface FoundOperation {
  document: OpenApiDocument;
  method: Method;
  /** As the specification has it. */
  path: string;
  /** Values of the parameters in the path, decoded. */
  pathValues: ReadonlyMap<string, string>;
  /** The paths of its servers, without a slash at their end. */
  prefixes: readonly string[];
  /** The keys that lead to the operation, with no reference on the way. */
  steps: Steps;
}

/** An object of the specification, with the keys that lead to it. */
export interface Part {
  steps: Steps;
  fields: Fields;
}

/** `GET /path`. */
export function operationName({ method, path }: { method: string; path: string }): string {
  return `${method.toUpperCase()} ${path}`;
}

/** The object at a place, references followed, or undefined where there is none. */
export function partAt(document: OpenApiDocument, at: Steps): Part | undefined {
  const steps = follow(document, at);
  const fields = fieldsOf(valueAt(document, steps));
  return fields && { steps, fields };
}

/** The objects below the names of an object. */
export function partsBelow(document: OpenApiDocument, at: Steps): Map<string, Part> {
  const part = partAt(document, at);
  const found = new Map<string, Part>();
  for (const [name] of entriesOf(part?.fields)) {
    const below = partAt(document, [...(part?.steps ?? []), name]);
    if (below) found.set(name, below);
  }
  return found;
}

/** The parameters of an operation; its own override those of its path. */
export function parametersOf({ document, path, steps }: FoundOperation): Part[] {
  const found = new Map<string, Part>();
  for (const holder of [follow(document, ['paths', path]), steps]) {
    const list = valueAt(document, follow(document, [...holder, 'parameters']));
    if (!Array.isArray(list)) continue;
    for (const index of list.keys()) {
      const part = partAt(document, [...holder, 'parameters', String(index)]);
      if (part) found.set(JSON.stringify([part.fields['in'], part.fields['name']]), part);
    }
  }
  return [...found.values()];
}
