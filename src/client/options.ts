import { refuse } from './errors.ts';
import { emitter, warnOfOrigin, type OnEvent } from './events.ts';
import { present } from './request.ts';
import { sleep } from './timing.ts';
import type { TokenStore } from './token-store.ts';
import type { ApiTable } from './types.ts';

/** How a client sends a request: the part of the standard `fetch` that it uses. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What a client is made of. The first three come from the clinic's administrator. */
export interface ClientOptions {
  /** The clinic's own token URL. https, or http on this machine. */
  tokenUrl: string;
  clientId: string;
  /** A password: keep it in the environment or a secrets manager, never in code that reaches a browser. */
  clientSecret: string;
  /** Where the operations stand. Default: the production server of the specification. */
  baseUrl?: string | undefined;
  /** Scopes to ask for, separated by spaces. Default: those that the operations need. */
  scope?: string | undefined;
  /**
   * How often a request is sent at most, the first time included. Default 3. Only operations that can be repeated without
   * harm (RFC 9110 section 9.2.2: all methods but POST and PATCH), and token requests, are sent more than once.
   */
  attempts?: number | undefined;
  /** Milliseconds that one attempt may take until its body has arrived. Default 10,000. */
  attemptTimeout?: number | undefined;
  /** Milliseconds that a call may take with its token, all attempts and the waits between. Default 60,000. */
  totalTimeout?: number | undefined;
  /** Where tokens are kept for other clients and processes. Default: in the memory of this client. */
  tokenStore?: TokenStore | undefined;
  /** Is told what happens, for metrics and logs. What it throws is dropped. */
  onEvent?: OnEvent | undefined;
  /** Lets the client run in a browser, where everybody can read its secret. Default false. */
  dangerouslyAllowBrowser?: boolean | undefined;
  /** Default: the global `fetch`. */
  fetch?: Fetch | undefined;
  /** For tests. The time in milliseconds since 1970. Default: `Date.now`. */
  now?: (() => number) | undefined;
  /** For tests. A number from 0 to 1. Default: `Math.random`. */
  random?: (() => number) | undefined;
  /**
   * For tests. Waits so many milliseconds before the next attempt, or less if the signal aborts. Default: by a timer.
   */
  sleep?: ((milliseconds: number, signal?: AbortSignal) => Promise<void>) | undefined;
}

/** What may be left out without a default. */
type Open = 'tokenStore' | 'dangerouslyAllowBrowser';

/** Options that were checked, with their defaults. `baseUrl` has no slash at its end. */
export type Settings = { readonly [Name in Exclude<keyof ClientOptions, Open>]-?: NonNullable<ClientOptions[Name]> } & {
  readonly [Name in Open]?: ClientOptions[Name];
};

/** A timer cannot wait longer; a longer one would end at once. */
const longestTimer = 2 ** 31 - 1;

type Given = { [Name in keyof ClientOptions]: Exclude<ClientOptions[Name], undefined> };

/** The options without those that are undefined, which leave their default. */
function given(options: ClientOptions): Given;

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
  // The document of a page, or the loader of scripts that every worker of a page has.
  if (!dangerouslyAllowBrowser && ('document' in globalThis || 'importScripts' in globalThis)) {
    refuse('dangerouslyAllowBrowser', 'must be set in a browser: the secret must not be in client-side code');
  }
  for (const name of ['clientId', 'clientSecret', 'tokenUrl'] as const) demand(name, settings[name]);
  checkUrl('tokenUrl', tokenUrl);
  checkUrl('baseUrl', baseUrl);
  for (const name of ['attempts', 'attemptTimeout', 'totalTimeout'] as const) {
    if (!(settings[name] >= 1 && settings[name] <= longestTimer)) refuse(name, `must be from 1 to ${longestTimer}`);
  }
  warnOfOrigin(settings, baseUrl, [tokenUrl, ...servers]);
  return { ...settings, baseUrl: baseUrl.replace(/\/+$/, '') };
}

/** @throws InvalidOptionError if there is no such text. */
export function demand(name: string, value: unknown, kind = 'option'): string {
  if (typeof value === 'string' && value) return value;
  return refuse(name, 'is missing', kind);
}

/** The secret or a token goes to this URL, so nobody on the way may be able to read it. */
function checkUrl(option: string, value: string): void {
  const url = URL.parse(value);
  // `fetch` refuses a URL with a user or password, and repeats it in its message.
  if (url && secure.test(url.href)) return;
  // Of a URL that parses, only the origin is shown, since it may hold a password; of any other nothing.
  const found = url?.origin ?? 'no URL';
  refuse(option, `must be a https URL, or http on this machine, no password. Found: ${found}`);
}

const secure = /^(https:\/\/[^@/]+|http:\/\/([^@/]+\.)?(localhost|127\.[\d.]+|\[::1])(:\d+)?)\//;
