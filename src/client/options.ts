import type { OnEvent } from './events.ts';
import type { TokenStore } from './token-store.ts';

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
