import type { Credentials } from './credentials.ts';
import { exchange, type Answer, type ProviderRequest, type Silence } from './exchange.ts';
import { requestRealToken, type RealToken } from '../../contract/provider/real-token.ts';
import type { RequestBudget } from '../../contract/provider/request-budget.ts';

/** The request was not sent. */
export interface Withheld {
  kind: 'withheld';
  /** A method that may change something, at a provider that may only be read; or no request left in the budget. */
  why: 'unsafe' | 'budget';
}

export type Outcome = Answer | Silence | Withheld;

/** How provider states are set at a provider under test. */
export interface StateChanges {
  url: URL;
  /** The mock's control token, if it asks for one. */
  controlToken: string | undefined;
  /** The accounts that a mock has, where it is one. */
  clinics: readonly string[];
}

/**
 * A provider under test has state changes: its states can be set, and any request may be sent to it. A real one has
 * credentials instead, and is only ever read.
 */
export type Access =
  | { kind: 'test'; stateChanges: StateChanges }
  | { kind: 'real'; credentials: Credentials; scopes: readonly string[] }
  | { kind: 'none' };

/** RFC 9110 section 9.2.1. TRACE is left out: it sends back what it was sent, the token too. */
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The provider as all nets see it: every request to it goes through here, so that rules for requests stand once. */
export class Provider {
  /** Where the paths of the contract stand, without a slash at its end. */
  readonly url: string;
  readonly access: Access;
  readonly budget: RequestBudget;
  /** For one request, in milliseconds. */
  readonly timeout: number;
  /** Why it cannot be reached at all, if that is known already. */
  readonly silence: Silence | undefined;
  #realToken: Promise<RealToken | Silence | Withheld> | undefined;

  constructor(details: Pick<Provider, 'url' | 'access' | 'budget' | 'timeout' | 'silence'>) {
    this.url = details.url;
    this.access = details.access;
    this.budget = details.budget;
    this.timeout = details.timeout;
    this.silence = details.silence;
  }

  /** Sends a request, if it may be sent. */
  async send(request: ProviderRequest): Promise<Outcome> {
    if (!this.#allows(request)) return { kind: 'withheld', why: 'unsafe' };
    if (!this.budget.spend()) return { kind: 'withheld', why: 'budget' };
    return exchange(request, this.timeout);
  }

  /**
   * The bearer token of a real provider; asked for once.
   * @throws Problem if the provider gives none for the credentials of the environment.
   */
  realToken({ credentials, scopes }: Access & { kind: 'real' }): Promise<RealToken | Silence | Withheld> {
    this.#realToken ??= requestRealToken(credentials, scopes, (request) => this.send(request));
    return this.#realToken;
  }

  /** A URL of the provider. @param path with the query, as it stands in a request. */
  at(path: string): URL {
    return new URL(`${this.url}${path}`);
  }

  #allows({ method, url }: ProviderRequest): boolean {
    if (this.access.kind === 'test') return true;
    if (safeMethods.has(method)) return true;
    return this.access.kind === 'real' && method === 'POST' && url.href === this.access.credentials.tokenUrl.href;
  }
}
