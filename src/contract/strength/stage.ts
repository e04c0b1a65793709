import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Answer, Request } from './exchange.ts';

/** One play: how it answers the requests of an interaction. */
export interface Play {
  /** What a state change gives, as JSON. @param body of Pact's state-change request. */
  readonly changeState: (body: string) => Promise<string> | string;
  readonly answer: (request: Request) => Promise<Answer> | Answer;
}

/** The URLs by which a verifier sees a play. */
export interface OpenPlay extends Disposable {
  readonly providerUrl: string;
  readonly statesUrl: string;
}

/** A server in this process at which any number of plays go on, each below a path of its own. */
export class Stage implements AsyncDisposable {
  readonly #server: Server;
  readonly #plays = new Map<string, Play>();
  #count = 0;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    });
  }

  static async open(): Promise<Stage> {
    const stage = new Stage();
    await new Promise<void>((resolve, reject) => {
      stage.#server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return stage;
  }

  begin(play: Play): OpenPlay {
    this.#count += 1;
    const name = String(this.#count);
    this.#plays.set(name, play);
    const address = this.#server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const url = `http://127.0.0.1:${port}/${name}`;
    return {
      providerUrl: `${url}/provider`,
      statesUrl: `${url}/states`,
      [Symbol.dispose]: () => void this.#plays.delete(name),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, name = '', door, path = ''] = /^\/(\d+)\/(provider|states)(.*)$/s.exec(incoming.url ?? '') ?? [];
    const play = this.#plays.get(name);
    if (!play) return void response.writeHead(404).end();
    const body = Buffer.concat(await incoming.toArray()).toString();
    if (door === 'states') {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(await play.changeState(body));
      return;
    }
    const headers = Object.fromEntries(
      Object.entries(incoming.headersDistinct).map(([key, values = []]) => [key, values.join(', ')]),
    );
    const answer = await play.answer({ method: incoming.method ?? '', path, headers, body });
    response.writeHead(answer.status, { ...answer.headers }).end(answer.body);
  }
}
