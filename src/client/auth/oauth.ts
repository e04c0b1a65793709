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

/** The environment variable of an option. */
export function variableOf(option: string): string {
  return `ARZAMED_${option.replace(/[A-Z]/, '_$&').toUpperCase()}`;
}

/** The options in the environment: a missing one is there too, so that it is named. */
export function oauthFrom(environment: Environment): OAuthOptions;
// The compiler cannot follow the names of options through a loop.
export function oauthFrom(environment: Environment): object {
  return Object.fromEntries(oauthRequired.map((name) => [name, environment[variableOf(name)]]));
}
