import { operationTable } from '../../generated/control/operations.ts';
import { readApi, type Api } from '../../openapi/api.ts';
import { follow } from '../../openapi/look-up.ts';
import { packageFile } from '../../spec/package-file.ts';
import type { ControlOperationId } from './requests.ts';

const file = packageFile('openapi/control.yaml');
let read: Promise<Api> | undefined;

/** Read with the first request that has something to check, so that no start waits for it. It never changes. */
export function specification(): Promise<Api> {
  read ??= readApi(file);
  return read;
}

/** From an operation to the schema of its body. */
export const bodySchema = ['requestBody', 'content', 'application/json', 'schema'];

/** The steps from the top of the specification to a place of an operation, with no reference on the way. */
export async function stepsTo(id: ControlOperationId, place: readonly string[]): Promise<string[]> {
  const { document } = await specification();
  const { path, method } = operationTable[id];
  return follow(document, ['paths', path, method.toLowerCase(), ...place]);
}
