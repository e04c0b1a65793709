import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { bind } from '../listen.ts';
import type { Handle } from '../serve.ts';
import { Loans } from './loans.ts';
import { connectionHeader, type AnsweredByWorker } from './messages.ts';
import { Sequence } from './sequence.ts';
import { Workers } from './workers.ts';

/** Connections of workers that are told apart. */
const most = 10_000;

interface Settings {
  workers: number;
  host: string;
  port: number;
  connections: number;
  say: (line: string) => void;
}

/**
 * Workers before a mock. All state stays in this process; a worker asks it, and may give an answer again for as long as
 * nothing can have changed. Before the mock is told or asked anything, all that was lent is called back.
 */
export class Front {
  readonly loans = new Loans();
  readonly #sequence = new Sequence();
  readonly #workers: Workers;
  /** Worker and its connection to what stands for that connection here. */
  readonly #connections = new Map<string, object>();

  constructor({ workers: count, ...settings }: Settings) {
    const onAnswered = (worker: number, requests: readonly AnsweredByWorker[]): void => this.#record(worker, requests);
    this.#workers = new Workers({ ...settings, count, onAnswered });
  }

  /** Listens for the workers, which listen for all others. Gives their URL. */
  async listen(server: Server): Promise<string> {
    const own = await bind(server, '127.0.0.1', 0);
    try {
      return await this.#workers.listen(Number(new URL(own).port));
    } catch (error) {
      server.close();
      throw error;
    }
  }

  /** Records something in the order in which it ended. */
  inOrder(ended: number, act: () => void): void {
    this.#sequence.put(ended, act);
  }

  /** Records all that waits for its order: nobody will come before it any more. */
  settle(): void {
    this.#sequence.drain();
  }

  /** Stands before what handles requests. */
  before(handle: Handle): Handle {
    return (request, response) => {
      const connection = takeHeader(request, connectionHeader);
      if (connection !== undefined) {
        this.#know(connection, request.socket);
        this.loans.expect(response);
      }
      if (isControl(request)) void this.#recallFor(request, response, handle);
      else handle(request, response);
    };
  }

  /** Has everything recorded that was answered. */
  async catchUp(): Promise<void> {
    const { release } = await this.#recall();
    release();
  }

  close(): Promise<void> {
    return this.#workers.close();
  }

  async #recallFor(request: IncomingMessage, response: ServerResponse, handle: Handle): Promise<void> {
    const { release } = await this.#recall();
    // Who only reads may read for long, as one who follows the journal.
    if (request.method === 'GET') release();
    else response.once('close', release);
    handle(request, response);
  }

  async #recall(): Promise<{ release: () => void }> {
    const { epoch, release } = this.loans.hold();
    await this.#workers.recall(epoch);
    this.#sequence.drain();
    return { release };
  }

  #record(worker: number, requests: readonly AnsweredByWorker[]): void {
    for (const { loan, began, ended, connection: number } of requests) {
      const name = `${worker}-${number}`;
      const connection = this.#connections.get(name) ?? this.#know(name, {});
      this.loans.use(loan, { began, ended, connection });
    }
  }

  #know(name: string, connection: object): object {
    const [oldest] = this.#connections.keys();
    if (this.#connections.size >= most && oldest !== undefined) this.#connections.delete(oldest);
    this.#connections.set(name, connection);
    return connection;
  }
}

/** Which control requests there are is not asked here: to call back too often does no harm. */
function isControl({ url = '' }: IncomingMessage): boolean {
  return /\/_mock/i.test(url);
}

/** Takes a header off a request, which is then as the client sent it: nobody here reads names and values as they came. */
function takeHeader({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  if (value === undefined) return undefined;
  Reflect.deleteProperty(headers, name);
  return String(value);
}
