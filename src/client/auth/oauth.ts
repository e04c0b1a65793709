import { demand } from '../errors.ts';
import type { Environment } from '../types.ts';

/** The first three come from the administrator of the API. */
export interface OAuthOptions {
  /** The token URL of the account. https, or http on this machine. */
  tokenUrl: string;
  clientId: string;
  /** A password: keep it in the environment or a secrets manager, never in code that reaches a browser. */
  clientSecret: string;
  /** Requested scopes, separated by spaces. Default: those that the operations need. */
  scope?: string | undefined;
}

/** The options without a default. */
export const oauthRequired = ['clientId', 'clientSecret', 'tokenUrl'] as const;

/** What presents itself to the API: tokens alone. */
export function tokensAlone<Source>(source: Source): Source {
  return source;
}

/** The options in the environment. @throws InvalidOptionError naming a missing variable. */
export function oauthFrom(environment: Environment): OAuthOptions {
  const read = (name: string): string => demand(name, environment[name], 'environment variable');
  return {
    tokenUrl: read('ARZAMED_TOKEN_URL'),
    clientId: read('ARZAMED_CLIENT_ID'),
    clientSecret: read('ARZAMED_CLIENT_SECRET'),
  };
}
