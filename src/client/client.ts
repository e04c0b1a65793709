import { call } from './call.ts';
import { checkOptions } from './check-options.ts';
import { rows, type Call, type Called, type CallPromise, type OperationId } from './operations.ts';
import type { ClientOptions, Settings } from './options.ts';
import type { UntypedInput } from './request.ts';
import { tokenSource } from './token-source.ts';

/** One method for each operation of the specification. */
export type Client = { readonly [Id in OperationId]: Call<Id> };

/**
 * Makes a client. It asks for a token with its first call, keeps it, and renews it before its end. What may pass by itself
 * it tries again.
 *
 * @example
 * const client = createClient({ tokenUrl, clientId, clientSecret });
 * const body = await client.someOperation();
 * const { data, response } = await client.someOperation().withResponse();
 *
 * @throws InvalidOptionError if a required option is missing, a URL is neither https nor on this machine, or this is a
 * browser.
 */
export function createClient(options: ClientOptions): Client {
  return Object.freeze(methodsOf(checkOptions(options)));
}

// The rows are those of `OperationId`, and their types were generated from the same specification: what the compiler
// cannot follow through a loop is said by the first of these signatures.
function methodsOf(settings: Settings): Client;
function methodsOf(settings: Settings): object {
  const tokens = tokenSource(settings);
  const methods = Object.entries(rows).map(
    ([id, row]) => [id, (input: UntypedInput = {}) => withResponse(call(settings, tokens, id, row, input))] as const,
  );
  return Object.fromEntries(methods);
}

function withResponse<Data>(called: Promise<Called<Data>>): CallPromise<Data> {
  const body = called.then(({ data }) => data);
  return Object.assign(body, {
    withResponse() {
      // Who asks for this does not look at the other promise; its failure is not one that nobody handles.
      body.catch(() => {});
      return called;
    },
  });
}
