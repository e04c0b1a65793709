import { demand, refuse } from './errors.ts';
import { emitter, warnOfOrigin, type OnEvent } from './events.ts';
import type { TokenStore } from './auth/token-store.ts';
import { requiredOptions, type CredentialOptions } from './parts.ts';
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

/** @throws InvalidOptionError naming the option that is missing or unusable. */
export function checkOptions(options: ClientOptions, { servers, scopes }: Omit<ApiTable, 'calls'>): Settings {
  const settings = {
    baseUrl: servers[0] ?? '',
    scope: scopes.join(' '),
    attempts: 3,
    attemptTimeout: 10_000,
    totalTimeout: 60_000,
    fetch: (url: string, init: RequestInit): Promise<Response> => globalThis.fetch(url, init),
    now: Date.now,
    random: Math.random,
    sleep,
    ...given(options),
    onEvent: emitter(options.onEvent),
  };
  const { tokenUrl, baseUrl, dangerouslyAllowBrowser } = settings;
  // In a page, or in a worker.
  if (!dangerouslyAllowBrowser && ('document' in globalThis || 'importScripts' in globalThis)) {
    refuse('dangerouslyAllowBrowser', 'must be set in a browser: the secret must not be in client-side code');
  }
  for (const name of requiredOptions) demand(name, settings[name]);
  if (tokenUrl) checkUrl('tokenUrl', tokenUrl);
  checkUrl('baseUrl', baseUrl);
  for (const name of ['attempts', 'attemptTimeout', 'totalTimeout'] as const) {
    if (!(settings[name] >= 1 && settings[name] <= longestTimer)) refuse(name, `must be from 1 to ${longestTimer}`);
  }
  warnOfOrigin(settings, baseUrl, [tokenUrl || baseUrl, ...servers]);
  return { ...settings, baseUrl: baseUrl.replace(/(?<!\/)\/+$/, '') };
}

/** Secrets and tokens go to this URL, so it must be encrypted or local. */
function checkUrl(option: string, value: string): void {
  const url = URL.parse(value);
  // `fetch` refuses a URL with credentials, and its message contains them.
  if (url && secure.test(url.href)) return;
  // The rest may contain a password.
  refuse(option, `must be a https URL, or http on this machine, no password. Found: ${url?.origin ?? 'no URL'}`);
}

const secure = /^(https:\/\/[^@/]+|http:\/\/([^@/]+\.)?(localhost|127\.[\d.]+|\[::1])(:\d+)?)\//;
