import type { OpenApiDocument } from '../openapi/document.ts';
import { valueAt } from '../util/json.ts';
import { follow } from '../openapi/look-up.ts';
import type { Operation } from './operation.ts';

/**
 * The names of the examples that an operation documents for a status, in whatever media type. One that has no name is
 * `default`, as Prism calls it.
 */
export function exampleNames(document: OpenApiDocument, operation: Operation, status: string): string[] {
  const content = ['paths', operation.path, operation.method, 'responses', status, 'content'];
  const objectAt = (steps: string[]): object => Object(valueAt(document, follow(document, steps)));
  const names = Object.keys(objectAt(content)).flatMap((type) => {
    const [media, schema] = [objectAt([...content, type]), objectAt([...content, type, 'schema'])];
    const unnamed = 'example' in media || 'example' in schema || 'examples' in schema;
    return [...(unnamed ? ['default'] : []), ...Object.keys(objectAt([...content, type, 'examples']))];
  });
  return [...new Set(names)];
}
