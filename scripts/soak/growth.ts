import { connect, type Socket } from 'node:net';
import { parseObject, textAt } from '../../src/util/json.ts';
import type { Client, Question } from './client.ts';
import { tokenIn, tokenRequest } from './mixture.ts';
import type { SoakedMock } from './mock.ts';

/** Sandboxes and streams that are left at a time. */
const kept = 5;

/** Tokens of each round, each told to live for another time. */
const tokens = 40;

/** Leaves behind, round after round, all that a mock keeps: what it keeps must not grow with the rounds. */
export class Growth implements Disposable {
  readonly #mock: SoakedMock;
  readonly #client: Client;
  readonly #sandboxes: string[] = [];
  readonly #streams: Socket[] = [];
  #rounds = 0;
  #isGrowing = false;

  constructor(mock: SoakedMock, client: Client) {
    this.#mock = mock;
    this.#client = client;
  }

  /**
   * A round, unless one is under way still: on a slow machine, more would be left than is meant.
   * @throws Error if the mock refuses what is within its bounds.
   */
  async grow(): Promise<void> {
    if (this.#isGrowing) return;
    this.#isGrowing = true;
    try {
      await this.#round();
    } finally {
      this.#isGrowing = false;
    }
  }

  async #round(): Promise<void> {
    const { url } = this.#mock;
    this.#rounds += 1;
    const made = parseObject(await this.#control('POST', `${url}/_mock/sandboxes`, {}));
    const [id, sandbox] = [textAt(made, 'id') ?? '', textAt(made, 'url') ?? ''];
    this.#sandboxes.push(id);
    this.#follow(sandbox);
    const control = `${sandbox}/_mock`;
    await this.#control('POST', `${control}/faults`, { clinic: 'nuovo', body: 'x'.repeat(500_000) });
    const key = parseObject(await this.#control('POST', `${control}/keys`, { clinic: 'ricci' }));
    await this.#control('POST', `${control}/signing-keys/rotate`);
    // What takes an answer's place is let go with it, here at once and in the sandbox with that.
    const body = [{ name: `Dr. ${'x'.repeat(300_000)} ${this.#rounds}`, profileImage: null }];
    const answer = '/clinics/ricci/answers/listDoctors';
    await this.#control('PUT', `${control}${answer}`, { body });
    await this.#control('PUT', `${url}/_mock${answer.replace('ricci', 'senza-foto')}`, { body });
    await this.#control('DELETE', `${url}/_mock${answer.replace('ricci', 'senza-foto')}`);
    await this.#takeTokens(sandbox, textAt(key, 'clientId') ?? '', textAt(key, 'clientSecret') ?? '');
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
    await this.#control('DELETE', `${url}/_mock/sandboxes/${oldest}`);
  }

  /** Takes tokens, each with a lifetime of its own, and calls with each of them. */
  async #takeTokens(sandbox: string, clientId: string, secret: string): Promise<void> {
    for (let count = 0; count < tokens; count += 1) {
      const expiresIn = this.#rounds * tokens + count;
      await this.#control('POST', `${sandbox}/_mock/faults`, { operationId: 'requestToken', expiresIn, count: 1 });
      const answer = await this.#client.ask(tokenRequest(sandbox, 'ricci', clientId, secret));
      if (!answer.body.includes(`"expires_in":${expiresIn}`)) throw new Error(`A token came with ${answer.body}`);
      const headers = { Authorization: `Bearer ${tokenIn(answer)}` };
      const called = await this.#client.ask({ method: 'GET', url: `${sandbox}/api/v1/equipe/doctors`, headers });
      if (called.status !== 200) throw new Error(`A new token was answered with ${called.status}: ${called.body}`);
    }
  }

  async #control(method: Question['method'], url: string, body?: object): Promise<string> {
    const text = body === undefined ? '' : JSON.stringify(body);
    const answer = await this.#client.ask({ method, url, body: text });
    if (answer.status >= 300) throw new Error(`${method} ${url} was answered with ${answer.status}: ${answer.body}`);
    return answer.body;
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
