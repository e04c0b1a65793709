import type { Api } from '../../openapi/api.ts';
import type { Routed } from '../../openapi/match.ts';
import { tokenPaths } from '../../openapi/operations.ts';
import { Problem } from '../../util/errors.ts';
import { parseObject, type Fields } from '../../util/json.ts';
import { accountOf, tokenRequest, type LiveCredentials } from './credentials.ts';
import { withHeaders, type Purse } from './present.ts';
import {
  beginningOf,
  exchange,
  isOutage,
  type Expectation,
  type ProviderResponse,
  type ProviderRequest,
  type Silence,
} from './exchange.ts';

interface Withheld {
  kind: 'withheld';
  why: 'unsafe' | 'budget';
}

/** Why a request was not sent, as the end of a sentence. */
export const overBudget = 'the request budget is used up';

export type ProviderOutcome = ProviderResponse | Silence | Withheld;

export interface StateChanges {
  url: URL;
  /** The mock's control token, if it asks for one. */
  controlToken: string | undefined;
  /** The accounts that a mock has, where it is one. */
  clinics: readonly string[];
}

/** A provider under test accepts state changes and any request. A live one is only read; it may have credentials for tokens. */
export type Access =
  | { kind: 'test'; stateChanges: StateChanges }
  | { kind: 'live'; credentials: LiveCredentials | undefined; scopes: readonly string[] }
  | { kind: 'none' };

/** RFC 9110 section 9.2.1, without TRACE, which would return the token. */
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Every request of a check to the provider goes through here, so that the rules for requests are in one place. */
export class Provider {
  /** What stands before the path of the specification's server, without a slash at its end. */
  readonly url: string;
  /** The path of a server, where the provider's URL was given with one: `/api`. */
  readonly base: string;
  readonly access: Access;
  #budget: number;
  /** For one request, in milliseconds. */
  readonly timeout: number;
  readonly silence: Silence | undefined;
  /** The credentials from the environment, and the headers that each request to the provider's origin has. */
  readonly purse: Pick<Purse, 'given' | 'fixed'>;
  readonly #showsValues: boolean;
  readonly #api: Pick<Api, 'finder' | 'document'> | undefined;
  #liveToken: Promise<LiveToken | Silence | Withheld> | undefined;

  /** @param details.budget how many requests may be sent; `Infinity` for no limit. */
  constructor(
    details: Pick<Provider, 'url' | 'base' | 'access' | 'timeout' | 'silence' | 'purse'> & {
      budget: number;
      /** Whether values of answers are shown; never those of a live provider. */
      showsValues: boolean;
      api: Pick<Api, 'finder' | 'document'> | undefined;
    },
  ) {
    this.url = details.url;
    this.base = details.base;
    this.#api = details.api;
    this.#showsValues = details.showsValues;
    this.access = details.access;
    this.#budget = details.budget;
    this.timeout = details.timeout;
    this.silence = details.silence;
    this.purse = details.purse;
  }

  async send(request: ProviderRequest): Promise<ProviderOutcome> {
    if (!this.#allows(request)) return { kind: 'withheld', why: 'unsafe' };
    if (this.#budget <= 0) return { kind: 'withheld', why: 'budget' };
    this.#budget -= 1;
    const isOwn = request.url.origin === new URL(this.url).origin;
    const headers = isOwn ? withHeaders(request.headers, [...this.purse.fixed].flat()) : request.headers;
    return exchange({ ...request, headers }, this.timeout);
  }

  /**
   * The bearer token of a live provider; requested once. Undefined where it has no credentials for one.
   * @throws Problem if the provider gives none for the credentials of the environment.
   */
  async liveToken({
    credentials,
    scopes,
  }: Access & { kind: 'live' }): Promise<LiveToken | Silence | Withheld | undefined> {
    if (!credentials) return undefined;
    this.#liveToken ??= requestLiveToken(credentials, scopes, (request) => this.send(request));
    return this.#liveToken;
  }

  /** Whether an answer only says that a live provider is not working. One under test answers for itself. */
  isOutage(answer: ProviderResponse, expectation?: Expectation): boolean {
    return this.access.kind !== 'test' && isOutage(answer, expectation);
  }

  /** The beginning of a body for a sentence; nothing of a live provider's. */
  quote(body: Buffer): string {
    return this.access.kind === 'test' ? beginningOf(body) : '';
  }

  /** A value of an answer for a sentence, where that was asked for; nothing of a live provider's. */
  show(value: unknown): string {
    if (!this.#showsValues || this.access.kind !== 'test' || value === undefined) return '';
    return beginningOf(Buffer.from(JSON.stringify(value)));
  }

  changeState({ url, controlToken }: StateChanges, body: Buffer): Promise<ProviderOutcome> {
    const authorization = controlToken === undefined ? [] : ['Authorization', `Bearer ${controlToken}`];
    const headers = ['Content-Type', 'application/json', 'Accept', 'application/json', ...authorization];
    return this.send({ method: 'POST', url, headers, body });
  }

  /** The values that a provider under test returns for a state; none where it cannot take it on. */
  async takeOn(state: string, params: object): Promise<Fields> {
    if (this.access.kind !== 'test') return {};
    const body = Buffer.from(JSON.stringify({ state, params, action: 'setup' }));
    const outcome = await this.changeState(this.access.stateChanges, body);
    return outcome.kind === 'answer' && outcome.status < 300 ? (parseObject(outcome.body) ?? {}) : {};
  }

  /** A URL of the provider. @param path with the query, as it stands in a request. */
  at(path: string): URL {
    return new URL(`${this.url}${path}`);
  }

  /** The URL of an operation. @param path below the path of its server. */
  below({ serverPath, serverPaths = [] }: Routed, path: string): URL {
    return this.at((serverPaths.includes(this.base) ? this.base : serverPath) + path);
  }

  /** The URL for a request of a contract, whose path may leave out the path of the server, as Pact's own do. */
  locate(method: string, path: string): URL {
    const [plain = ''] = path.split('?', 1);
    const bare = this.#api?.finder.findBelow(method, plain);
    if (bare) return this.below(bare, path);
    const isMock = this.access.kind === 'test' && this.access.stateChanges.clinics.length > 0;
    const isWhole =
      isMock ||
      this.#api?.finder.find(method, plain).kind !== 'no path' ||
      plain.startsWith(`${this.base}/`) ||
      tokenPaths(this.#api.document).includes(plain);
    return this.at(isWhole ? path : this.base + path);
  }

  #allows({ method, url }: ProviderRequest): boolean {
    if (this.access.kind === 'test' || safeMethods.has(method)) return true;
    return this.access.kind === 'live' && method === 'POST' && url.href === this.access.credentials?.tokenUrl.href;
  }
}

interface LiveToken {
  kind: 'token';
  accessToken: string;
}

/** Error codes of a token endpoint (RFC 6749 section 5.2). Nothing else of its answer is repeated. */
const codes = new Set(['invalid_request', 'invalid_client', 'invalid_grant', 'unauthorized_client', 'invalid_scope']);

/**
 * Gets a bearer token with the live credentials (RFC 6749 section 4.4).
 * @throws Problem if the token endpoint refuses the credentials, or answers with no token.
 */
async function requestLiveToken(
  credentials: LiveCredentials,
  scopes: readonly string[],
  send: (request: ProviderRequest) => Promise<ProviderOutcome>,
): Promise<LiveToken | Silence | Withheld> {
  const outcome = await send(tokenRequest(accountOf(credentials), scopes));
  if (outcome.kind !== 'answer') return outcome;
  if (isOutage(outcome)) return { kind: 'silence', reason: `answers ${outcome.status} at the token URL` };
  const { access_token: accessToken, error } = parseObject(outcome.body) ?? {};
  if (outcome.status < 300 && typeof accessToken === 'string') return { kind: 'token', accessToken };
  throw new Problem({
    code: 'credentials_refused',
    what: 'The token endpoint refuses the credentials from the environment.',
    where: 'ARZAMED_TOKEN_URL',
    facts: {
      status: String(outcome.status),
      error: typeof error === 'string' && codes.has(error) ? error : undefined,
    },
    remedy: 'Check that ARZAMED_TOKEN_URL, ARZAMED_CLIENT_ID and ARZAMED_CLIENT_SECRET belong to this provider.',
  });
}
