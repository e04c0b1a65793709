import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Answer } from './exchange.ts';
import type { Provider, Outcome } from './provider.ts';
import { changeState } from '../../contract/provider/state-change.ts';

/** What passed through the gate for one interaction. */
export interface Passage {
  /** What became of the interaction's own request; undefined where there was none. */
  outcome?: Outcome;
  /** What became of the first state change that failed, as the end of a sentence; and whether the provider refused it. */
  state?: { reason: string; refused: boolean };
}

/** A passage, and the URLs by which Pact's verifier uses it. */
export interface OpenPassage {
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
    const headers = withoutOwn(request.rawHeaders);
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
  response.writeHead(status, withoutOwn(rawHeaders));
  response.end(body);
}

function withoutOwn(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, index) => !ownHeaders.has(rawHeaders[index - (index % 2)]?.toLowerCase() ?? ''));
}
