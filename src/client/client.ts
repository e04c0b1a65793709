import { calls, scopes, servers } from '../generated/operations.ts';
import type { paths } from '../generated/types.ts';
import { variableOf } from './auth/oauth.ts';
import { tokenSource } from './auth/tokens.ts';
import { call } from './call.ts';
import { checkOptions, type ClientOptions } from './options.ts';
import { credentialsFrom, withCredentials, type CredentialOptions } from './parts.ts';
import type { ApiTable, Called, CallPromise, ClientOf, Environment, UntypedInput } from './types.ts';

/** One method for each operation of the specification. */
export type Client = ClientOf<paths, typeof calls>;

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
  return methodsOf<paths, typeof calls>(options, { calls, scopes, servers });
}

/**
 * Makes a client from `ARZAMED_TOKEN_URL`, `ARZAMED_CLIENT_ID`, `ARZAMED_CLIENT_SECRET` and, optionally,
 * `ARZAMED_BASE_URL`.
 * @throws InvalidOptionError naming all missing variables.
 */
export function createClientFromEnv(
  options: Omit<ClientOptions, keyof CredentialOptions | 'baseUrl'> & Pick<ClientOptions, 'scope'> = {},
  environment: Environment = globalThis.process?.env ?? {},
): Client {
  const own = { ...credentialsFrom(environment), baseUrl: environment[variableOf('baseUrl')] };
  return methodsOf<paths, typeof calls>({ ...options, ...own }, { calls, scopes, servers }, own);
}

/**
 * The client of any API, from its table and from the type of its paths.
 * @param fromEnvironment the options among them that errors name by their variable.
 * @throws InvalidOptionError as `createClient()` does.
 */
export function methodsOf<Paths, Calls extends ApiTable['calls']>(
  options: ClientOptions,
  api: ApiTable & { calls: Calls },
  fromEnvironment?: object,
): ClientOf<Paths, Calls>;
// Table and types are generated from one document, which the compiler cannot follow through a loop.
export function methodsOf(options: ClientOptions, api: ApiTable, fromEnvironment?: object): object {
  const settings = checkOptions(options, api, fromEnvironment);
  const tokens = withCredentials(tokenSource)(settings);
  const methods: Record<string, unknown> = {};
  for (const [id, row] of Object.entries(api.calls)) {
    methods[id] = (input: UntypedInput = {}) => withResponse(call(settings, tokens, id, row, input));
  }
  return methods;
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
