import { createClient, type Client } from './client.ts';
import { demand, type ClientOptions } from './options.ts';

/** Like `process.env`. */
export type Environment = Record<string, string | undefined>;

/**
 * Makes a client from `ARZAMED_TOKEN_URL`, `ARZAMED_CLIENT_ID`, `ARZAMED_CLIENT_SECRET` and, optionally,
 * `ARZAMED_BASE_URL`.
 * @throws InvalidOptionError naming a missing variable.
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
