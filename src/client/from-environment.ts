import { createClient, type Client } from './client.ts';
import { demand, type ClientOptions } from './options.ts';

/** Environment variables as `process.env` has them. */
export type Environment = Record<string, string | undefined>;

/**
 * Makes a client from the environment variables of the vendor's samples: `ARZAMED_TOKEN_URL`, `ARZAMED_CLIENT_ID`,
 * `ARZAMED_CLIENT_SECRET`, and `ARZAMED_BASE_URL` where it is not the production server.
 *
 * @param options what the environment does not hold, such as `fetch`.
 * @throws InvalidOptionError naming the variable that is missing.
 */
export function createClientFromEnv(
  options: Omit<ClientOptions, 'tokenUrl' | 'clientId' | 'clientSecret' | 'baseUrl'> = {},
  environment: Environment = globalThis.process?.env ?? {},
): Client {
  const read = (name: string): string => demand(name, environment[name], 'environment variable');
  return createClient({
    ...options,
    tokenUrl: read('ARZAMED_TOKEN_URL'),
    clientId: read('ARZAMED_CLIENT_ID'),
    clientSecret: read('ARZAMED_CLIENT_SECRET'),
    baseUrl: environment['ARZAMED_BASE_URL'] || undefined,
  });
}
