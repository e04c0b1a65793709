import { Problem } from '../../util/errors.ts';
import type { ProviderRequest } from './exchange.ts';

export interface LiveCredentials {
  tokenUrl: URL;
  clientId: string;
  clientSecret: string;
}

const names = ['ARZAMED_TOKEN_URL', 'ARZAMED_CLIENT_ID', 'ARZAMED_CLIENT_SECRET'] as const;

/** Whether any of the variables for the credentials of a live provider is set. */
export function hasCredentials(environment: NodeJS.ProcessEnv): boolean {
  return names.some((name) => environment[name]);
}

/**
 * The credentials of a live provider, from `ARZAMED_TOKEN_URL`, `ARZAMED_CLIENT_ID` and `ARZAMED_CLIENT_SECRET`.
 * @throws Problem naming the variables that are missing or unusable. It shows none of their values.
 */
export function readCredentials(environment: NodeJS.ProcessEnv): LiveCredentials {
  const missing = names.filter((name) => !environment[name]);
  if (missing.length > 0) {
    throw new Problem({
      code: 'credentials_missing',
      what: `Missing environment variables: ${missing.join(', ')} (needed for a live provider).`,
      remedy: 'Set them, or name the URL that sets provider states with --states URL.',
    });
  }
  const [tokenUrl = '', clientId = '', clientSecret = ''] = names.map((name) => environment[name]);
  return { tokenUrl: checkTokenUrl(tokenUrl), clientId, clientSecret };
}

function checkTokenUrl(text: string): URL {
  const url = URL.parse(text);
  if (url && !url.username && !url.password && isConfidential(url)) return url;
  throw new Problem({
    code: 'credentials_missing',
    what: 'ARZAMED_TOKEN_URL is not safe to send the client secret to.',
    facts: { expected: 'an https URL, or http on this machine, without user and password' },
    remedy: 'Set it to the token URL that came with the credentials.',
  });
}

/** Whether traffic to a URL is encrypted or stays on this machine. */
export function isConfidential({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && /^(.+\.)?localhost$|^127\.[\d.]+$|^\[::1\]$/.test(hostname));
}

export interface TokenAccount {
  tokenUrl: URL;
  basic: string;
}

/** HTTP Basic of client id and secret, form-encoded first (RFC 6749 section 2.3.1). */
export function accountOf({ tokenUrl, clientId, clientSecret }: LiveCredentials): TokenAccount {
  const encode = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1);
  const pair = `${encode(clientId)}:${encode(clientSecret)}`;
  return { tokenUrl, basic: `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** The form of a token request by the client credentials grant (RFC 6749 section 4.4.2). */
export function clientCredentialsForm(scopes: readonly string[]): Record<string, string> {
  return { grant_type: 'client_credentials', ...(scopes.length > 0 ? { scope: scopes.join(' ') } : {}) };
}

export function tokenRequest({ tokenUrl, basic }: TokenAccount, scopes: readonly string[]): ProviderRequest {
  const form = 'application/x-www-form-urlencoded';
  return {
    method: 'POST',
    url: tokenUrl,
    headers: ['Authorization', basic, 'Accept', 'application/json', 'Content-Type', form],
    body: Buffer.from(new URLSearchParams(clientCredentialsForm(scopes)).toString()),
  };
}
