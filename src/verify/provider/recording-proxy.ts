import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { withoutHeaders } from '../../util/http.ts';
import { parseObject } from '../../util/json.ts';
import { basicOf } from './credentials.ts';
import type { Answer } from './exchange.ts';
import type { Outcome, Provider, StateChanges } from './provider.ts';

/** What passed through the gate for one interaction. */
export interface Passage {
  /** What became of the interaction's own request; undefined where there was none. */
  outcome?: Outcome;
  /** What became of the first state change that failed, as the end of a sentence; and whether the provider refused it. */
  state?: { reason: string; refused: boolean };
}

/** A passage, and the URLs by which Pact's verifier uses it. */
interface OpenPassage {
  record: Passage;
  providerUrl: string;
  statesUrl: string;
}

/** Of one connection only (RFC 9110 section 7.6.1), or set anew for the next one. */
const ownHeaders = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'host',
  'te',
  'upgrade',
]);

/**
 * A door between Pact's verifier and the provider, on this machine. It passes on what may be sent, byte by byte, and notes
 * what came of it: by the verifier alone, a provider that is down looks like one that breaks the contract.
 */
export class Gate implements AsyncDisposable {
  readonly #provider: Provider;
  readonly #server: Server;
  // Whoever does not know it cannot use the gate, and so not the credentials.
  readonly #key = randomBytes(16).toString('hex');
  readonly #passages: Passage[] = [];

  private constructor(provider: Provider) {
    this.#provider = provider;
    this.#server = createServer((request, response) => {
      this.#pass(request, response).catch(() => response.destroy());
    });
  }

  static async open(provider: Provider): Promise<Gate> {
    const gate = new Gate(provider);
    await new Promise<void>((resolve, reject) => {
      gate.#server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return gate;
  }

  passage(): OpenPassage {
    const record: Passage = {};
    const number = this.#passages.push(record) - 1;
    const address = this.#server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const url = `http://127.0.0.1:${port}/${this.#key}/${number}`;
    return { record, providerUrl: `${url}/provider`, statesUrl: `${url}/states` };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, key, number = '', door, path = ''] =
      /^\/(\w+)\/(\d+)\/(provider|states)(.*)$/s.exec(request.url ?? '') ?? [];
    const record = this.#passages[Number(number)];
    if (key !== this.#key || !record) return void response.writeHead(404).end();
    const body = Buffer.concat(await request.toArray());
    if (door === 'states') {
      const { status, values, reason } = await changeState(this.#provider, body);
      if (reason !== undefined) record.state ??= { reason, refused: status < 500 };
      // The verifier would try again and again after a 5xx.
      const told = reason === undefined ? 200 : 400;
      return void response.writeHead(told, { 'Content-Type': 'application/json' }).end(values);
    }
    const headers = withoutHeaders(request.rawHeaders, ownHeaders);
    const outcome = await this.#provider.send({
      method: request.method ?? '',
      url: this.#target(request, path),
      headers,
      body,
    });
    record.outcome = outcome;
    if (outcome.kind === 'answer') return answer(response, outcome);
    return void response.writeHead(502).end();
  }

  /** The token URL of a real provider is where it is, whatever the path of the API. */
  #target({ method }: IncomingMessage, path: string): URL {
    const { access } = this.#provider;
    const target = this.#provider.at(path);
    if (access.kind !== 'real' || method !== 'POST') return target;
    return path === access.credentials.tokenUrl.pathname ? access.credentials.tokenUrl : target;
  }
}

function answer(response: ServerResponse, { status, rawHeaders, body }: Answer): void {
  response.writeHead(status, withoutHeaders(rawHeaders, ownHeaders));
  response.end(body);
}

/** What Pact's verifier is answered: the values for the interaction's generators, as JSON. */
interface StateChanged {
  status: number;
  values: string | Buffer;
  /** Why the state was not set, as the end of a sentence. */
  reason?: string;
}

/**
 * Sets a provider state, or undoes it. At a real provider there is nothing to set: what has come so far asks for no more
 * than credentials, which are given.
 * @param body Pact's state-change request: JSON with `state`, `params` and `action`.
 */
async function changeState(provider: Provider, body: Buffer): Promise<StateChanged> {
  const { action, state } = parseObject(body) ?? {};
  if (provider.access.kind === 'test') {
    const changed = await forward(provider, provider.access.stateChanges, body);
    // The interaction is over by then.
    return action === 'teardown' ? { status: 200, values: '{}' } : changed;
  }
  // An interaction without a state has the empty one.
  if (provider.access.kind === 'none' || action === 'teardown' || state === '') return { status: 200, values: '{}' };
  const { credentials } = provider.access;
  const token = await provider.realToken(provider.access);
  if (token.kind !== 'token') {
    const reason = token.kind === 'silence' ? `the provider ${token.reason}` : 'the budget of requests is used up';
    return { status: token.kind === 'silence' ? 502 : 400, values: '{}', reason };
  }
  const { clientId, tokenUrl } = credentials;
  const values = {
    accessToken: token.accessToken,
    clientId,
    basic: basicOf(credentials),
    tokenPath: tokenUrl.pathname,
  };
  return { status: 200, values: JSON.stringify(values) };
}

async function forward(provider: Provider, stateChanges: StateChanges, body: Buffer): Promise<StateChanged> {
  const outcome = await sendStateChange(provider, stateChanges, body);
  if (outcome.kind === 'withheld') return { status: 400, values: '{}', reason: 'the budget of requests is used up' };
  if (outcome.kind === 'silence') return { status: 502, values: '{}', reason: `the URL for states ${outcome.reason}` };
  const { status } = outcome;
  const reason = status < 300 ? {} : { reason: `the URL for states answers ${status}` };
  return { status, values: outcome.body, ...reason };
}

/** Sends a state-change request of Pact, with the mock's control token where there is one. */
export function sendStateChange(
  provider: Provider,
  { url, controlToken }: StateChanges,
  body: Buffer,
): Promise<Outcome> {
  const authorization = controlToken === undefined ? [] : ['Authorization', `Bearer ${controlToken}`];
  const headers = ['Content-Type', 'application/json', 'Accept', 'application/json', ...authorization];
  return provider.send({ method: 'POST', url, headers, body });
}
