import { methods, type OpenApiDocument } from '../openapi/document.ts';
import { toPointer, valueAt } from '../util/json.ts';
import { Problem } from '../util/errors.ts';

/**
 * @throws Problem naming the second of two operations with one id, which would be one name for two types.
 */
export function refuseDuplicateIds(document: OpenApiDocument, name: string): void {
  const first = new Map<string, string>();
  for (const container of [['paths'], ['webhooks'], ['components', 'pathItems']]) {
    for (const [key, item] of Object.entries(Object(valueAt(document, container)))) {
      for (const method of methods) {
        const id = valueAt(item, [method, 'operationId']);
        if (typeof id !== 'string') continue;
        const place = toPointer([...container, key, method]);
        const other = first.get(id);
        first.set(id, place);
        if (other === undefined) continue;
        throw new Problem({
          code: 'spec_invalid',
          what: `Two operations have the operationId ${id}.`,
          where: name,
          facts: { first: other, second: place },
          remedy: 'Give each operation an id of its own in the specification.',
        });
      }
    }
  }
}
