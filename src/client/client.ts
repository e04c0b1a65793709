import { calls, scopes, servers } from '../generated/operations.ts';
import type { operations } from '../generated/types.ts';
import type { ClientOf } from './client-of.ts';
import { methodsOf } from './methods-of.ts';
import type { OperationId } from './operations.ts';
import type { ClientOptions } from './options.ts';

/** One method for each operation of the specification. */
export type Client = ClientOf<operations, OperationId>;

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
  return methodsOf<operations, OperationId>(options, { calls, scopes, servers });
}
