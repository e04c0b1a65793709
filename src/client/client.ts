import { calls, scopes, servers } from '../generated/operations.ts';
import type { operations } from '../generated/types.ts';
import { call } from './call.ts';
import { checkOptions, type ClientOptions } from './options.ts';
import type { UntypedInput } from './request.ts';
import { tokenSource } from './tokens.ts';
import type { ApiTable, Called, CallPromise, ClientOf, OperationId } from './types.ts';

/** One method for each operation of the specification. */
export type Client = ClientOf<operations, OperationId>;

/**
 * Makes a client. It obtains and renews tokens, and retries transient failures.
 *
 * @example
 * const client = createClient({ tokenUrl, clientId, clientSecret });
 * const body = await client.someOperation();
 * const { data, response } = await client.someOperation().withResponse();
 *
 * @throws InvalidOptionError if an option is missing or invalid, or this is a browser.
 */
export function createClient(options: ClientOptions): Client {
  return methodsOf<operations, OperationId>(options, { calls, scopes, servers });
}

/**
 * The client of any API, from its table and from the type of its operations.
 * @throws InvalidOptionError as `createClient()` does.
 */
export function methodsOf<Operations, Id extends keyof Operations>(
  options: ClientOptions,
  api: ApiTable,
): ClientOf<Operations, Id>;
// Table and types are generated from one document, which the compiler cannot follow through a loop.
export function methodsOf(options: ClientOptions, api: ApiTable): object {
  const settings = checkOptions(options, api);
  const tokens = tokenSource(settings);
  const methods = Object.entries(api.calls).map(
    ([id, row]) => [id, (input: UntypedInput = {}) => withResponse(call(settings, tokens, id, row, input))] as const,
  );
  return Object.fromEntries(methods);
}

function withResponse<Data>(called: Promise<Called<Data>>): CallPromise<Data> {
  const body = called.then(({ data }) => data);
  return Object.assign(body, {
    withResponse() {
      // The caller ignores the other promise, so its failure must not count as unhandled.
      body.catch(() => {});
      return called;
    },
  });
}
