import type { ApiTable } from './api-table.ts';
import { call } from './call.ts';
import { checkOptions } from './check-options.ts';
import type { Called, CallPromise, ClientOf } from './client-of.ts';
import type { ClientOptions } from './options.ts';
import type { UntypedInput } from './request.ts';
import { tokenSource } from './tokens.ts';

/**
 * The client of any API, from its table and from the type of its operations.
 * @throws InvalidOptionError as `createClient()` does.
 */
export function methodsOf<Operations, Id extends keyof Operations>(
  options: ClientOptions,
  api: ApiTable,
): ClientOf<Operations, Id>;
// Table and types were generated from the same specification: what the compiler cannot follow through a loop is said by
// the signature above.
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
      // Who asks for this does not look at the other promise; its failure is not one that nobody handles.
      body.catch(() => {});
      return called;
    },
  });
}
