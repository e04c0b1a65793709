import { partsBelow, type FoundOperation, type Part } from '../../../verify/guarantee/operation.ts';

/** The response that the specification describes for a status: by itself, by its range `4XX`, or as `default`. */
export function findResponse(operation: FoundOperation, status: number): { key: string; response: Part } | undefined {
  const all = partsBelow(operation.document, [...operation.steps, 'responses']);
  for (const wanted of [String(status), `${String(status)[0]}xx`, 'default']) {
    for (const [key, response] of all) if (key.toLowerCase() === wanted) return { key, response };
  }
  return undefined;
}

/** The statuses that the specification describes, within a sentence. */
export function describedStatuses({ document, steps }: FoundOperation): string {
  const keys = [...partsBelow(document, [...steps, 'responses']).keys()];
  return keys.length > 0 ? keys.join(', ') : 'none';
}
