import { ForbiddenError, UnauthorizedError, UnexpectedResponseError } from './errors.ts';
import { readJson, send } from './send.ts';
import type { OperationRow } from './operations.ts';
import type { Settings } from './options.ts';
import { buildRequest, type UntypedInput } from './request.ts';
import type { TokenSource } from './token-source.ts';

/** Calls an operation and returns the body of its successful answer, with every field that the service sent. */
export async function call(
  { baseUrl, fetch }: Settings,
  tokens: TokenSource,
  row: OperationRow,
  input: UntypedInput,
): Promise<unknown> {
  input.signal?.throwIfAborted();
  const { url, init } = buildRequest(baseUrl, row, input);
  if (row.security) init.headers.set('Authorization', `Bearer ${await tokens.token()}`);
  const response = await send(fetch, row.id, url, init);
  const failure = { operation: row.id, status: response.status };
  if (response.ok) return readSuccess(response, failure);
  await response.body?.cancel();
  if (response.status === 401) throw new UnauthorizedError(failure);
  if (response.status === 403) throw new ForbiddenError(failure);
  throw new UnexpectedResponseError(failure, 'the status is not one that the client knows what to do with');
}

async function readSuccess(response: Response, failure: { operation: string; status: number }): Promise<unknown> {
  if (response.status === 204) return undefined;
  const body = await readJson(response);
  if (body !== undefined) return body;
  throw new UnexpectedResponseError(failure, 'the answer is not JSON');
}
