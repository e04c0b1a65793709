import type { OpenApiDocument } from './document.ts';
import { valueAt } from './json-pointer.ts';
import { follow } from './look-up.ts';
import type { Operation } from './operation.ts';
import { successMediaType } from './success.ts';

/** The names of the examples that an operation documents for a status, in the media type that it answers with. */
export function exampleNames(document: OpenApiDocument, operation: Operation, status: string): string[] {
  const type = successMediaType(document, operation, status) ?? '';
  const steps = ['paths', operation.path, operation.method, 'responses', status, 'content', type, 'examples'];
  return Object.keys(Object(valueAt(document, follow(document, steps))));
}
