import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { withoutHeaders } from '../../util/http.ts';
import { parseObject } from '../../util/json.ts';
import { accountOf } from './credentials.ts';
import { withPresented, type Credential } from './present.ts';
import { overBudget, type Provider, type ProviderOutcome } from './provider.ts';

export interface RelayedRequest {
  method: string;
  /** With the query. */
  path: string;
  /** Names and values in turn. */
  headers: readonly string[];
  body: Buffer;
}

export interface RelayedResponse {
  status: number;
  /** Names and values in turn. */
  headers: readonly string[];
  body: Buffer | string;
}

export interface Upstream {
  /** Sets a provider state; the response has the values for generators. @param body of Pact's state-change request. */
  changeState(body: Buffer): Promise<RelayedResponse>;
  send(request: RelayedRequest): Promise<RelayedResponse>;
}

export interface RelayUrls extends Disposable {
  readonly providerUrl: string;
  readonly statesUrl: string;
}

/** For one connection only (RFC 9110 section 7.6.1), or set anew for the next one. */
const hopByHop = ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'host', 'te', 'upgrade'];

/** A server between Pact's verifier and providers, with a path for each interaction. */
export class Relay implements AsyncDisposable {
  readonly #server: Server;
  // Keeps other programs from using the relay, and the credentials with it.
  readonly #key = randomBytes(16).toString('hex');
  readonly #upstreams = new Map<string, Upstream>();
  #count = 0;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#pass(request, response).catch(() => response.destroy());
    });
  }

  static async open(): Promise<Relay> {
    const relay = new Relay();
    await new Promise<void>((resolve, reject) => {
      relay.#server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return relay;
  }

  begin(upstream: Upstream): RelayUrls {
    this.#count += 1;
    const name = `${this.#key}/${this.#count}`;
    this.#upstreams.set(name, upstream);
    const address = this.#server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const url = `http://127.0.0.1:${port}/${name}`;
    return {
      providerUrl: `${url}/provider`,
      statesUrl: `${url}/states`,
      [Symbol.dispose]: () => void this.#upstreams.delete(name),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, name = '', door, path = ''] = /^\/(\w+\/\d+)\/(provider|states)(.*)$/s.exec(request.url ?? '') ?? [];
    const upstream = this.#upstreams.get(name);
    if (!upstream) return void response.writeHead(404).end();
    const body = Buffer.concat(await request.toArray());
    const { method = '', rawHeaders } = request;
    const answered =
      door === 'states'
        ? await upstream.changeState(body)
        : await upstream.send({ method, path, headers: withoutHeaders(rawHeaders, hopByHop), body });
    return void response.writeHead(answered.status, withoutHeaders(answered.headers, hopByHop)).end(answered.body);
  }
}

export function stateChanged(status: number, body: Buffer | string = '{}'): RelayedResponse {
  return { status, headers: ['Content-Type', 'application/json'], body };
}

export interface Passage {
  outcome?: ProviderOutcome;
  /** Why the first failed state change failed, as the end of a sentence; and whether the provider refused it. */
  state?: { reason: string; refused: boolean };
}

/**
 * A provider behind the relay, with a record of what passes: Pact's verifier cannot tell an outage from an answer that
 * breaks the contract. Requests that must not be sent are answered with 502.
 * @param presented credentials that each request gets.
 */
export function recordingUpstream(
  provider: Provider,
  presented: readonly Credential[] = [],
): Upstream & { record: Passage } {
  const record: Passage = {};
  const { access } = provider;
  const tokenUrl = access.kind === 'live' ? access.credentials?.tokenUrl : undefined;
  return {
    record,
    changeState: async (body) => {
      const { status, values, reason } = await changeState(provider, body);
      if (reason === undefined) return stateChanged(200, values);
      record.state ??= { reason, refused: status < 500 };
      // The verifier would retry after a 5xx.
      return stateChanged(400, values);
    },
    send: async ({ path, ...request }) => {
      // The token URL of a live provider need not be below the URL of the API.
      const isTokenRequest = request.method === 'POST' && path === tokenUrl?.pathname;
      const url = tokenUrl && isTokenRequest ? tokenUrl : provider.at(path);
      const outcome = await provider.send(withPresented({ ...request, url }, presented));
      record.outcome = outcome;
      if (outcome.kind !== 'answer') return { status: 502, headers: [], body: '' };
      return { status: outcome.status, headers: outcome.rawHeaders, body: outcome.body };
    },
  };
}

/**
 * Sets a provider state, or undoes it. At a live provider only states of credentials get here, which need no change.
 * @returns the values for the interaction's generators, as JSON, or the end of a sentence on why the state was not set.
 */
async function changeState(
  provider: Provider,
  body: Buffer,
): Promise<{ status: number; values?: string | Buffer; reason?: string }> {
  const { access } = provider;
  const { action, state } = parseObject(body) ?? {};
  if (access.kind === 'test') {
    const outcome = await provider.changeState(access.stateChanges, body);
    // The interaction is over by then.
    if (action === 'teardown') return { status: 200 };
    if (outcome.kind === 'withheld') return { status: 400, reason: overBudget };
    if (outcome.kind === 'silence') return { status: 502, reason: `the URL for states ${outcome.reason}` };
    const { status } = outcome;
    const failure = status < 300 ? {} : { reason: `the URL for states answers ${status}` };
    return { status, values: outcome.body, ...failure };
  }
  // An interaction without a state has the empty one.
  if (access.kind === 'none' || action === 'teardown' || state === '') return { status: 200 };
  const { credentials } = access;
  const token = await provider.liveToken(access);
  if (!credentials || !token) {
    // The token that is given for a security scheme takes the place of this one.
    const isGiven = state === 'a bearer token' && provider.purse.given.size > 0;
    return isGiven
      ? { status: 200, values: JSON.stringify({ accessToken: 'given' }) }
      : { status: 400, reason: 'there are no credentials for it' };
  }
  if (token.kind === 'silence') return { status: 502, reason: `the provider ${token.reason}` };
  if (token.kind === 'withheld') return { status: 400, reason: overBudget };
  const { accessToken } = token;
  const { clientId, tokenUrl } = credentials;
  const { basic } = accountOf(credentials);
  return { status: 200, values: JSON.stringify({ accessToken, clientId, basic, tokenPath: tokenUrl.pathname }) };
}
