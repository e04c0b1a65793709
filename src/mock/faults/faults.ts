import type { Operation } from '../../openapi/operations.ts';
import type { Clock } from '../state/clock.ts';
import type { Random } from '../../util/random.ts';

export interface SetFault extends Fault {
  id: string;
}

export class Faults {
  #faults: { fault: SetFault; left: number; until: number }[] = [];
  readonly #clock: Clock;
  readonly #random: Random;
  #made = 0;
  /** How often a fault was added. */
  changes = 0;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  get none(): boolean {
    return this.#faults.length === 0;
  }

  add(fault: Fault): SetFault {
    this.#made += 1;
    this.changes += 1;
    const set = { ...fault, id: `fault-${this.#made}` };
    const until = fault.seconds === undefined ? Infinity : this.#clock.now() + fault.seconds * 1000;
    this.#faults.push({ fault: set, left: fault.count ?? Infinity, until });
    return set;
  }

  list(): SetFault[] {
    this.#forget();
    return this.#faults.map(({ fault, left }) => (left === Infinity ? fault : { ...fault, count: left }));
  }

  /** Removes one fault, or all. False if none has the id. */
  clear(id?: string): boolean {
    const before = this.#faults.length;
    this.#faults = this.#faults.filter(({ fault }) => id !== undefined && fault.id !== id);
    return id === undefined || this.#faults.length < before;
  }

  /** The first fault that strikes a request; it counts as struck. */
  strike({ id, issuesTokens }: Operation, clinic: string | undefined): SetFault | undefined {
    this.#forget();
    const struck = this.#faults.find(
      ({ fault }) =>
        (fault.operationId === undefined || fault.operationId === id) &&
        (fault.expiresIn === undefined || issuesTokens) &&
        (fault.clinic === undefined || fault.clinic === clinic) &&
        this.#random() < (fault.probability ?? 1),
    );
    if (struck) struck.left -= 1;
    return struck?.fault;
  }

  #forget(): void {
    const now = this.#clock.now();
    this.#faults = this.#faults.filter(({ left, until }) => left > 0 && now < until);
  }
}

/** A delay in milliseconds: fixed, evenly spread between two bounds, or log-normal as latencies of services are. */
export type Delay = { milliseconds: number } | { from: number; to: number } | { median: number; sigma: number };

/** How the delivery of an answer breaks. */
export type Delivery = 'reset' | 'close' | 'truncate' | 'garbage' | 'slow';

/** A simulated failure: what goes wrong, for which requests, and how often. */
export interface Fault {
  /** Default: every operation. */
  operationId?: string | undefined;
  /** Default: every clinic. */
  clinic?: string | undefined;
  /** How many requests it strikes. Default: all. */
  count?: number | undefined;
  /** The share of the requests that it strikes, from 0 to 1. Default 1. */
  probability?: number | undefined;
  /** How long it lasts, in seconds of the mock's clock. Default: until it is cleared. */
  seconds?: number | undefined;
  delay?: Delay | undefined;
  /** The status of the answer, with the body that the specification documents for it unless `body` is given. */
  status?: number | undefined;
  /** The name of a documented example of the status. */
  example?: string | undefined;
  headers?: Record<string, string> | undefined;
  body?: unknown;
  /** How the delivery breaks. */
  delivery?: Delivery | undefined;
  /** A `Content-Type` other than the body's. */
  contentType?: string | undefined;
  /** A wrong token lifetime in seconds. Strikes token requests only. */
  expiresIn?: number | undefined;
}
