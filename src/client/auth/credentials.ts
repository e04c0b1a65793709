import { schemes, tokenUrl } from '../../generated/operations.ts';
import { refuse } from '../errors.ts';
import { hide, type Redact } from '../redact.ts';
import type { Request } from '../request.ts';
import type { Environment, OperationRow } from '../types.ts';
import { oauthRequired, variableOf, type OAuthOptions } from './oauth.ts';
import type { Token, TokenSource } from './token-store.ts';

/** A value, or a function that gives the current one for each request. */
export type Provided<Value> = Value | (() => Value | Promise<Value>);

export interface Basic {
  username: string;
  password: string;
}

/** Credentials of one of the alternatives that an operation accepts. */
export interface SchemeOptions {
  /** Default: that of the specification, if it names one. https, or http on this machine. */
  tokenUrl?: string | undefined;
  /** Client credentials for OAuth 2. */
  clientId?: string | undefined;
  /** A password: keep it in the environment or a secrets manager, never in code that reaches a browser. */
  clientSecret?: string | undefined;
  /** Requested scopes, separated by spaces. Default: those that the operations need. */
  scope?: string | undefined;
  /** By the name of the security scheme: an API key, a bearer token, or user name and password for HTTP Basic. */
  credentials?:
    | { readonly [Name in keyof typeof schemes]?: Provided<(typeof schemes)[Name] extends 'basic' ? Basic : string> }
    | undefined;
}

/** Each operation says for itself what it needs. */
export const noneRequired: readonly (keyof OAuthOptions)[] = [];

export const schemeOptions = [...oauthRequired, 'credentials'] as const;

/**
 * The options in the environment: those of OAuth, and `ARZAMED_CREDENTIALS_{SCHEME}` for a scheme, `name:password` for Basic.
 * Without it, client id and secret count as user name and password, the secret as the key or token.
 */
export function schemesFrom(environment: Environment): SchemeOptions;
// The compiler cannot follow the names of schemes through a loop.
export function schemesFrom(environment: Environment): object {
  const read = (option: string): string | undefined => environment[variableOf(option)] || undefined;
  const [clientId, clientSecret] = [read('clientId'), read('clientSecret')];
  const credentials = Object.entries<string>(schemes).flatMap(([name, kind]): [string, string | Basic][] => {
    const own = read(`credentials_${name.replaceAll(/\W/g, '_').toLowerCase()}`);
    const pair = clientId && clientSecret && `${clientId}:${clientSecret}`;
    const value = own ?? (kind === 'basic' ? pair : kind === 'oauth' ? undefined : clientSecret);
    const [username = '', ...password] = value?.split(':') ?? [];
    return value ? [[name, kind === 'basic' ? { username, password: password.join(':') } : value]] : [];
  });
  return { tokenUrl: read('tokenUrl'), clientId, clientSecret, credentials: Object.fromEntries(credentials) };
}

type Presented = string | Basic | Token;

/** What a request was before, and the secrets that it presents since. */
const presented = new WeakMap<object, { url: string; cookie: string | undefined; secrets: string[] }>();

/** The source of all credentials: those that are given by scheme, and tokens. */
export function credentialsBeside<Settings extends SchemeOptions>(
  tokensOf: (settings: Settings & OAuthOptions) => TokenSource,
): (settings: Settings) => TokenSource {
  return (settings) => {
    const { tokenUrl: url = tokenUrl, clientId, clientSecret, credentials = {} } = settings;
    const given: Readonly<Record<string, Provided<string | Basic> | undefined>> = credentials;
    const tokens =
      url && clientId && clientSecret ? tokensOf({ ...settings, tokenUrl: url, clientId, clientSecret }) : undefined;

    const isGiven = (scheme: string): boolean =>
      given[scheme] !== undefined || kinds[scheme] === 'connection' || (kinds[scheme] === 'oauth' && !!tokens);

    /** The alternative that presents most. */
    function chosen({ security = [] }: OperationRow): readonly string[] {
      const [usable] = security.filter((each) => each.every(isGiven)).toSorted((a, b) => b.length - a.length);
      if (usable) return usable;
      const missing = (security[0] ?? []).flatMap((scheme) => {
        if (isGiven(scheme)) return [];
        if (kinds[scheme] !== 'oauth' || !tokenUrl) return [`credentials.${scheme}`];
        return [...(clientId ? [] : ['clientId']), ...(clientSecret ? [] : ['clientSecret'])];
      });
      return refuse(missing.join(', '), 'is missing');
    }

    return {
      get(row, request, signal) {
        const values = chosen(row).map((scheme) => {
          const own = given[scheme];
          const value = typeof own === 'function' ? own() : own;
          return [
            scheme,
            value ?? (kinds[scheme] === 'oauth' ? tokens?.get(row, request, signal) : undefined),
          ] as const;
        });
        const known = values.flatMap(([scheme, value]): [string, Presented | undefined][] =>
          value instanceof Promise ? [] : [[scheme, value]],
        );
        const isFunction = (scheme: string): boolean => typeof given[scheme] === 'function';
        if (known.length === values.length) return presentIn(request, known, isFunction);
        return Promise.all(values.map(async ([scheme, value]) => [scheme, await value] as const)).then((all) =>
          presentIn(request, all, isFunction),
        );
      },
      invalidate: (token) => tokens?.invalidate(token),
    };
  };
}

const kinds: Readonly<Record<string, string>> = schemes;

/**
 * Puts credentials into a request, in place of earlier ones.
 * @returns the token among them, which may be renewed: also one that a function gives.
 */
function presentIn(
  request: Request,
  values: readonly (readonly [string, Presented | undefined])[],
  isFunction: (scheme: string) => boolean,
): Token | undefined {
  const { headers } = request.init;
  const { url, cookie } = presented.get(headers) ?? { url: request.url, cookie: headers['cookie'] };
  const secrets: string[] = [];
  const pairs: string[] = [];
  const cookies = cookie ? [cookie] : [];
  let token: Token | undefined;
  for (const [scheme, value] of values) {
    const [, place, name = ''] = /^(\w+) ?(.*)$/s.exec(kinds[scheme] ?? '') ?? [];
    if (value === undefined) continue;
    if (typeof value === 'object' && 'value' in value) {
      token = value;
      continue;
    }
    const text = typeof value === 'string' ? value : toBase64(`${value.username}:${value.password}`);
    secrets.push(text, typeof value === 'string' ? text : value.password);
    if (/[\r\n]$/.test(secrets.at(-1) ?? '')) refuse(`credentials.${scheme}`, 'ends with a line break');
    // `fetch` refuses other characters, and its message contains them.
    if (place !== 'query' && !/^[ -~]+$/.test(text)) refuse(`credentials.${scheme}`, 'is no text for a header');
    if (place === 'query') pairs.push(`${encodeURIComponent(name)}=${encodeURIComponent(text)}`);
    else if (place === 'cookie') cookies.push(`${name}=${text}`);
    else if (place === 'header') headers[name.toLowerCase()] = text;
    else if (place !== 'basic' && isFunction(scheme)) token = { value: text };
    else headers['authorization'] = `${place === 'basic' ? 'Basic' : 'Bearer'} ${text}`;
  }
  request.url = [url, ...pairs].reduce((left, pair) => left + (left.includes('?') ? '&' : '?') + pair);
  if (cookies.length > 0) headers['cookie'] = cookies.join('; ');
  presented.set(headers, { url, cookie, secrets: secrets.filter(Boolean) });
  return token;
}

function toBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** Removes all that a request presents. */
export function redactorOfAll(settings: SchemeOptions, headers: Record<string, string>): Redact {
  const secrets = (presented.get(headers)?.secrets ?? []).toSorted((a, b) => b.length - a.length);
  return (text) => hide(text, [...secrets, settings.clientSecret, headers['authorization']?.split(' ')[1]]);
}
