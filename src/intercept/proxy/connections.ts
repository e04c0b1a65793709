import type { Duplex } from 'node:stream';

/** All connections of a proxy, which end with it. */
export class Connections {
  readonly #open = new Set<Duplex>();
  #ended = false;

  get ended(): boolean {
    return this.#ended;
  }

  add(connection: Duplex): void {
    if (this.#ended) connection.destroy();
    if (this.#open.has(connection)) return;
    this.#open.add(connection);
    // That the other end breaks it is no mistake of the proxy; whoever uses it hears that it is closed.
    connection.on('error', () => {});
    connection.once('close', () => this.#open.delete(connection));
  }

  end(): void {
    this.#ended = true;
    for (const connection of this.#open) connection.destroy();
  }
}
