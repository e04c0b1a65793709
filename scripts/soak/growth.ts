import { connect, type Socket } from 'node:net';
import { parseObject, textAt } from '../../src/util/json.ts';
import type { Client } from './client.ts';
import type { SoakedMock } from './mock.ts';

/** Sandboxes and streams that are left at a time. */
const kept = 5;

/** Leaves behind, round after round, all that a mock keeps: what it keeps must not grow with the rounds. */
export class Growth implements Disposable {
  readonly #mock: SoakedMock;
  readonly #client: Client;
  readonly #sandboxes: string[] = [];
  readonly #streams: Socket[] = [];

  constructor(mock: SoakedMock, client: Client) {
    this.#mock = mock;
    this.#client = client;
  }

  /** @throws Error if the mock refuses what is within its bounds. */
  async grow(): Promise<void> {
    const { url } = this.#mock;
    const made = parseObject(await this.#control(url, 'sandboxes', {}));
    const [id, sandbox] = [textAt(made, 'id') ?? '', textAt(made, 'url') ?? ''];
    this.#sandboxes.push(id);
    this.#follow(sandbox);
    await this.#control(sandbox, 'faults', { clinic: 'nuovo', body: 'x'.repeat(500_000) });
    await this.#control(sandbox, 'keys', { clinic: 'nuovo' });
    await this.#control(sandbox, 'signing-keys/rotate', undefined);
    for (let count = 0; count < 200; count += 1) {
      await this.#client.ask({ method: 'GET', url: `${sandbox}/${count}/${'x/'.repeat(6000)}` });
      await this.#client.ask({
        method: 'GET',
        url: `${sandbox}/api/v1/equipe/doctors`,
        headers: { Accept: `a/b${count}` },
      });
    }
    const [oldest] = this.#sandboxes;
    if (this.#sandboxes.length <= kept || oldest === undefined) return;
    this.#sandboxes.shift();
    this.#streams.shift()?.destroy();
    await this.#delete(oldest);
  }

  async #control(world: string, path: string, body: object | undefined): Promise<string> {
    const text = body === undefined ? '' : JSON.stringify(body);
    const answer = await this.#client.ask({ method: 'POST', url: `${world}/_mock/${path}`, body: text });
    if (answer.status >= 300) throw new Error(`${path} was answered with ${answer.status}: ${answer.body}`);
    return answer.body;
  }

  async #delete(id: string): Promise<void> {
    const response = await fetch(`${this.#mock.url}/_mock/sandboxes/${id}`, { method: 'DELETE' });
    if (!response.ok) throw new Error(`The end of a sandbox was answered with ${response.status}.`);
  }

  /** Opens a stream of events that nobody reads. */
  #follow(sandbox: string): void {
    const { hostname, port, pathname } = new URL(sandbox);
    const socket = connect(Number(port), hostname).on('error', () => {});
    socket.write(`GET ${pathname}/_mock/journal/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
    this.#streams.push(socket);
  }

  [Symbol.dispose](): void {
    for (const socket of this.#streams) socket.destroy();
  }
}
