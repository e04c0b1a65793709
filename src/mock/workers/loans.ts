import type { ServerResponse } from 'node:http';
import { loanHeader } from './messages.ts';

/** Milliseconds for which a worker may at most answer without asking. */
const longest = 1000;

/** How many loans are remembered: far more than are made while one of them holds. */
const most = 10_000;

/** When and on which connection a worker answered, in milliseconds since 1970. */
export interface Use {
  began: number;
  ended: number;
  connection: object;
}

/** What comes of it where a worker has used a loan. */
export type OnUse = (use: Use) => void;

/**
 * The answers that workers may give by themselves for a while. A loan holds for the epoch in which it was made, so that one
 * that is still on its way when all are called back is not used.
 */
export class Loans {
  readonly #loans = new Map<number, OnUse>();
  /** Answers that go to workers, which take the header off. */
  readonly #toWorkers = new WeakSet<ServerResponse>();
  #made = 0;
  #epoch = 0;
  #held = 0;

  /** An answer goes to a worker. */
  expect(response: ServerResponse): void {
    this.#toWorkers.add(response);
  }

  /**
   * Lends an answer that is about to be sent.
   * @param milliseconds for which it would be the same, unless the mock is told anything.
   */
  lend(response: ServerResponse, milliseconds: number, onUse: OnUse): void {
    const span = Math.floor(Math.min(milliseconds, longest));
    if (this.#held > 0 || span <= 0 || !this.#toWorkers.has(response)) return;
    this.#made += 1;
    this.#loans.set(this.#made, onUse);
    this.#loans.delete(this.#made - most);
    response.setHeader(loanHeader, `${this.#made};${this.#epoch};${span}`);
  }

  use(id: number, use: Use): void {
    this.#loans.get(id)?.(use);
  }

  /** Lends nothing until that is released. Gives the epoch of what will be lent then. */
  hold(): { epoch: number; release: () => void } {
    this.#held += 1;
    this.#epoch += 1;
    return {
      epoch: this.#epoch,
      release: () => {
        this.#held -= 1;
      },
    };
  }
}
