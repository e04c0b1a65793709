import { Problem } from '../../util/errors.ts';
import { parseObject } from '../../util/json.ts';
import { accountOf, tokenRequest, type LiveCredentials } from './credentials.ts';
import { exchange, isOutage, type ProviderResponse, type ProviderRequest, type Silence } from './exchange.ts';

/** The request was not sent. */
interface Withheld {
  kind: 'withheld';
  /** A method that may change something, at a provider that may only be read; or no request left in the budget. */
  why: 'unsafe' | 'budget';
}

export type ProviderOutcome = ProviderResponse | Silence | Withheld;

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
  | { kind: 'real'; credentials: LiveCredentials; scopes: readonly string[] }
  | { kind: 'none' };

/** RFC 9110 section 9.2.1. TRACE is left out: it sends back what it was sent, the token too. */
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The provider as all checks see it: every request to it goes through here, so that rules for requests stand once. */
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
  async send(request: ProviderRequest): Promise<ProviderOutcome> {
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

  /** Sends a state-change request of Pact, with the mock's control token where there is one. */
  changeState({ url, controlToken }: StateChanges, body: Buffer): Promise<ProviderOutcome> {
    const authorization = controlToken === undefined ? [] : ['Authorization', `Bearer ${controlToken}`];
    const headers = ['Content-Type', 'application/json', 'Accept', 'application/json', ...authorization];
    return this.send({ method: 'POST', url, headers, body });
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

interface RealToken {
  kind: 'token';
  accessToken: string;
}

/** What a token endpoint may say (RFC 6749 section 5.2). Anything else that it says is not repeated. */
const codes = new Set(['invalid_request', 'invalid_client', 'invalid_grant', 'unauthorized_client', 'invalid_scope']);

/**
 * Gets a bearer token with the real credentials (RFC 6749 section 4.4).
 * @param send one request to the provider.
 * @throws Problem if the token endpoint refuses the credentials, or answers with no token.
 */
async function requestRealToken(
  credentials: LiveCredentials,
  scopes: readonly string[],
  send: (request: ProviderRequest) => Promise<ProviderOutcome>,
): Promise<RealToken | Silence | Withheld> {
  const outcome = await send(tokenRequest(accountOf(credentials), scopes));
  if (outcome.kind !== 'answer') return outcome;
  if (isOutage(outcome)) return { kind: 'silence', reason: `answers ${outcome.status} at the token URL` };
  const { access_token: accessToken, error } = parseObject(outcome.body) ?? {};
  if (outcome.status < 300 && typeof accessToken === 'string') return { kind: 'token', accessToken };
  throw new Problem({
    code: 'credentials_refused',
    what: 'The token endpoint gives no token for the credentials of the environment.',
    where: 'ARZAMED_TOKEN_URL',
    facts: {
      status: String(outcome.status),
      error: typeof error === 'string' && codes.has(error) ? error : undefined,
    },
    remedy:
      'Look whether ARZAMED_TOKEN_URL, ARZAMED_CLIENT_ID and ARZAMED_CLIENT_SECRET belong together and to this provider.',
  });
}

/** How many requests may still go to a provider. One budget may serve several checks. */
export class RequestBudget {
  readonly limit: number;
  #spent = 0;

  /** @param limit `Infinity` for no limit. */
  constructor(limit: number) {
    this.limit = limit;
  }

  get spent(): number {
    return this.#spent;
  }

  /** True if there was a request left; it is then spent. */
  spend(): boolean {
    if (this.#spent >= this.limit) return false;
    this.#spent += 1;
    return true;
  }
}
