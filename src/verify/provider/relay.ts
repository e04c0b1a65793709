import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { withoutHeaders } from '../../util/http.ts';
import { parseObject, textAt } from '../../util/json.ts';
import type { VerdictResult } from '../verdict.ts';
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
  /** Undefined where the connection is to end without an answer. */
  send(request: RelayedRequest): Promise<RelayedResponse | undefined>;
}

export interface RelayUrls extends Disposable {
  readonly providerUrl: string;
  readonly statesUrl: string;
}

/** Of a request: for one connection only (RFC 9110 section 7.6.1), or set anew for the next one. */
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
    if (!answered) return void response.destroy();
    // The contract may demand any header, also of the connection, so the answer has those of the provider and no other.
    response.sendDate = false;
    for (const name of ['Connection', 'Content-Length', 'Transfer-Encoding']) response.removeHeader(name);
    return void response.writeHead(answered.status, [...answered.headers]).end(answered.body);
  }
}

export function stateChanged(status: number, body: Buffer | string = '{}'): RelayedResponse {
  return { status, headers: ['Content-Type', 'application/json'], body };
}

/** Why a state could not be set. A provider under test that refuses it is broken, or its name in the contract is. */
export interface StateFailure {
  result: Exclude<VerdictResult, 'holds'>;
  sentence: string;
}

export interface Passage {
  outcome?: ProviderOutcome;
  /** State changes that failed, by the names of the states. */
  failed: Map<string, StateFailure>;
}

/**
 * A provider behind the relay, with a record of what passes: Pact's verifier cannot tell an outage from an answer that
 * breaks the contract. Requests that must not be sent get no answer.
 * @param presented credentials that each request gets.
 */
export function recordingUpstream(
  provider: Provider,
  presented: readonly Credential[] = [],
): Upstream & { record: Passage } {
  const record: Passage = { failed: new Map() };
  const { access } = provider;
  const tokenUrl = access.kind === 'live' ? access.credentials?.tokenUrl : undefined;
  return {
    record,
    changeState: async (body) => {
      const state = textAt(parseObject(body), 'state') ?? '';
      const { values, result, reason } = await changeState(provider, body);
      if (result === undefined) return stateChanged(200, values);
      record.failed.set(state, { result, sentence: `The provider state "${state}" could not be set: ${reason}.` });
      // The verifier would retry after a 5xx.
      return stateChanged(400, values);
    },
    send: async ({ path, ...request }) => {
      // The token URL of a live provider need not be below the URL of the API.
      const isTokenRequest = request.method === 'POST' && path === tokenUrl?.pathname;
      const url = tokenUrl && isTokenRequest ? tokenUrl : provider.locate(request.method, path);
      const outcome = await provider.send(withPresented({ ...request, url }, presented));
      record.outcome = outcome;
      if (outcome.kind !== 'answer') return undefined;
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
): Promise<{ values?: string | Buffer; result?: StateFailure['result']; reason?: string }> {
  const { access } = provider;
  const { action, state } = parseObject(body) ?? {};
  if (access.kind === 'test') {
    const outcome = await provider.changeState(access.stateChanges, body);
    // The interaction is over by then.
    if (action === 'teardown') return {};
    if (outcome.kind === 'withheld') return { result: 'not verifiable', reason: overBudget };
    if (outcome.kind === 'silence') return { result: 'unanswered', reason: `the URL for states ${outcome.reason}` };
    const { status, body: values } = outcome;
    if (status < 300) return { values };
    return { result: 'broken', reason: `the URL for states answers ${status}${provider.quote(values)}` };
  }
  // An interaction without a state has the empty one.
  if (access.kind === 'none' || action === 'teardown' || state === '') return {};
  const { credentials } = access;
  const token = await provider.liveToken(access);
  if (!credentials || !token) {
    // The token that is given for a security scheme takes the place of this one.
    const isGiven = state === 'a bearer token' && provider.purse.given.size > 0;
    return isGiven
      ? { values: JSON.stringify({ accessToken: 'given' }) }
      : { result: 'not verifiable', reason: 'there are no credentials for it' };
  }
  if (token.kind === 'silence') return { result: 'unanswered', reason: `the provider ${token.reason}` };
  if (token.kind === 'withheld') return { result: 'not verifiable', reason: overBudget };
  const { accessToken } = token;
  const { clientId, tokenUrl } = credentials;
  const { basic } = accountOf(credentials);
  return { values: JSON.stringify({ accessToken, clientId, basic, tokenPath: tokenUrl.pathname }) };
}
