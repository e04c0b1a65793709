import { call } from './call.ts';
import { rows, type Call, type OperationId } from './operations.ts';
import { checkOptions, type ClientOptions, type Settings } from './options.ts';
import type { UntypedInput } from './request.ts';
import { TokenSource } from './token-source.ts';

/** One method for each operation of the specification. */
export type Client = { readonly [Id in OperationId]: Call<Id> };

/**
 * Makes a client. It asks for a token with its first call and keeps it until shortly before its end.
 *
 * @example
 * const client = createClient({ tokenUrl, clientId, clientSecret });
 * const answer = await client.someOperation();
 *
 * @throws InvalidOptionError if a required option is missing, or a URL is neither https nor on this machine.
 */
export function createClient(options: ClientOptions): Client {
  const settings = checkOptions(options);
  return Object.freeze(methodsOf(settings, new TokenSource(settings)));
}

// The rows are those of `OperationId`, and their types were generated from the same specification: what the compiler
// cannot follow through a loop is said by the first of these signatures.
function methodsOf(settings: Settings, tokens: TokenSource): Client;
function methodsOf(settings: Settings, tokens: TokenSource): object {
  const methods = rows.map(
    (row) => [row.id, (input: UntypedInput = {}) => call(settings, tokens, row, input)] as const,
  );
  return Object.fromEntries(methods);
}
