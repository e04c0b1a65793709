import { InvalidOptionError } from './errors.ts';
import { emitter, warnOfOrigin, type OnEvent } from './events.ts';
import type { TokenStore } from './auth/token-store.ts';
import { variableOf } from './auth/oauth.ts';
import { credentialOptions, requiredOptions, type CredentialOptions } from './parts.ts';
import { present } from './request.ts';
import { sleep } from './timing.ts';
import type { ApiTable } from './types.ts';

/** The part of the standard `fetch` that the client uses. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface ClientOptions extends CredentialOptions {
  /** Default: the production server of the specification. */
  baseUrl?: string | undefined;
  /** Maximum number of attempts. Default 3. POST and PATCH, which are not idempotent, are sent once, but not token requests. */
  attempts?: number | undefined;
  /** Milliseconds for one attempt, including the body. Default 10,000. */
  attemptTimeout?: number | undefined;
  /** Milliseconds for a call with its token, all attempts and waits. Default 60,000. */
  totalTimeout?: number | undefined;
  /** Shares tokens with other clients and processes. Default: the memory of this client. */
  tokenStore?: TokenStore | undefined;
  /** For metrics and logs. Its errors are ignored. */
  onEvent?: OnEvent | undefined;
  /** Allows browsers, where everybody can read the secret. Default false. */
  dangerouslyAllowBrowser?: boolean | undefined;
  /** Default: the global `fetch`. */
  fetch?: Fetch | undefined;
  /** For tests. The time in milliseconds since 1970. Default: `Date.now`. */
  now?: (() => number) | undefined;
  /** For tests. A number from 0 to 1. Default: `Math.random`. */
  random?: (() => number) | undefined;
  /** For tests. Waits before the next attempt, until the signal aborts. Default: by a timer. */
  sleep?: ((milliseconds: number, signal?: AbortSignal) => Promise<void>) | undefined;
}

/** Optional, without a default. */
type Open = 'tokenStore' | 'dangerouslyAllowBrowser' | Exclude<keyof CredentialOptions, 'scope'>;

/** Checked options with defaults. `baseUrl` has no trailing slash. */
export type Settings = {
  readonly [Name in Exclude<keyof ClientOptions, Open>]-?: NonNullable<ClientOptions[Name]>;
} & Readonly<Pick<ClientOptions, Open>>;

/** Longer timers fire at once. */
const longestTimer = 2_147_483_647;

type GivenOptions = { [Name in keyof ClientOptions]: Exclude<ClientOptions[Name], undefined> };

/** Drops undefined options, which keep their default. */
function given(options: ClientOptions): GivenOptions;

function given(options: object): object {
  return Object.fromEntries(present(options));
}

/**
 * @param fromEnvironment the options that errors name by their variable.
 * @throws InvalidOptionError naming what is missing, unknown or unusable.
 */
export function checkOptions(
  options: ClientOptions,
  { servers, scopes }: Omit<ApiTable, 'calls'>,
  fromEnvironment = {},
): Settings {
  const defaults = {
    // Tokens of a mock on this machine are not for production.
    baseUrl: servers.find((url) => localHost(url) || !localHost(options.tokenUrl)),
    scope: scopes.join(' '),
    attempts: 3,
    attemptTimeout: 10_000,
    totalTimeout: 60_000,
    fetch: (url: string, init: RequestInit): Promise<Response> => globalThis.fetch(url, init),
    now: Date.now,
    random: Math.random,
    sleep,
    onEvent: undefined,
    tokenStore: undefined,
    dangerouslyAllowBrowser: false,
  };
  const settings = { ...defaults, ...given(options), onEvent: emitter(options.onEvent) };
  // The key of a mock has a status, and is given as it is.
  const known = [...credentialOptions, ...Object.keys(defaults), 'status'];
  const named: string[] = [];
  const flaws: string[] = [];
  for (const [name, value] of Object.entries({ ...missing, ...settings })) {
    const flaw = known.includes(name) ? flawOf(name, value) : `is unknown${likeliest(name.toLowerCase(), known)}`;
    if (!flaw) continue;
    const isVariable = name in fromEnvironment;
    const shown = isVariable ? variableOf(name) : name;
    named.push(shown);
    flaws.push(`The ${isVariable ? 'environment variable' : 'option'} ${shown} ${flaw}.`);
  }
  if (flaws[0]) throw new InvalidOptionError(flaws.join(' '), { option: named.join(', ') });
  const { tokenUrl, baseUrl = '' } = settings;
  warnOfOrigin(settings, baseUrl, [tokenUrl || baseUrl, ...servers]);
  return { ...settings, baseUrl: baseUrl.replace(/(?<!\/)\/+$/, '') };
}

const missing = Object.fromEntries(requiredOptions.map((name) => [name, undefined]));

/** What is wrong with an option. */
function flawOf(name: string, value: unknown): string | false {
  if (name in missing && !value) return 'is missing';
  if (/[\r\n]$/.test(String(value))) return 'ends with a line break';
  // In a page, or in a worker.
  if (name === 'dangerouslyAllowBrowser') {
    const isBrowser = 'document' in globalThis || 'importScripts' in globalThis;
    return isBrowser && !value && 'must be set: the secret must not be in client-side code';
  }
  if (/^att|^tot/.test(name)) {
    const isUsable = Number(value) >= 1 && Number(value) <= longestTimer;
    return !isUsable && `must be from 1 to ${longestTimer}`;
  }
  if (!name.endsWith('Url')) return false;
  // Secrets and tokens go there, so it must be encrypted or local.
  const url = URL.parse(String(value));
  // `fetch` refuses a URL with credentials, and its message contains them. The rest may contain a password.
  const found = `without password. Found: ${url?.origin ?? 'no URL'}`;
  return !secure.test(String(url)) && `must be an https URL, or http on this machine, ${found}`;
}

/** The first known name that shares more than half of the pairs of letters. */
function likeliest(word: string, known: readonly string[]): string {
  const shared = (name: string): number =>
    Array.from(word).filter((_, at) => at && name.toLowerCase().includes(word.slice(at - 1, at + 1))).length;
  const meant = known.find((name) => shared(name) * 2 > word.length);
  return meant ? ` (did you mean ${meant}?)` : '';
}

/** The host of an http URL that `secure` allows. */
const localHost = (url = ''): string | undefined => secure.exec(url)?.[3];

const secure = /^(https:\/\/[^@/]+|http:\/\/([^@/]+\.)?(localhost|127\.[\d.]+|\[::1])(:\d+)?)\//i;
