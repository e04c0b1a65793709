import type { Operation } from '../../openapi/operations.ts';
import type { Clock } from '../state/clock.ts';
import type { Random } from '../state/environment.ts';

/** A fault that was set. */
export interface SetFault extends Fault {
  id: string;
}

/** The faults of a sandbox, in the order in which they were set. */
export class Faults {
  #faults: { fault: SetFault; left: number; until: number }[] = [];
  readonly #clock: Clock;
  readonly #random: Random;
  #made = 0;
  #changes = 0;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Whether no fault is set. */
  get none(): boolean {
    return this.#faults.length === 0;
  }

  /** How often the faults that are set were changed, other than by the requests that they struck. */
  get changes(): number {
    return this.#changes;
  }

  add(fault: Fault): SetFault {
    this.#made += 1;
    this.#changes += 1;
    const set = { ...fault, id: `fault-${this.#made}` };
    const until = fault.seconds === undefined ? Infinity : this.#clock.now() + fault.seconds * 1000;
    this.#faults.push({ fault: set, left: fault.count ?? Infinity, until });
    return set;
  }

  /** The faults that may still strike, each with the count that is left. */
  list(): SetFault[] {
    this.#forget();
    return this.#faults.map(({ fault, left }) => (left === Infinity ? fault : { ...fault, count: left }));
  }

  /** Takes one fault back, or all. False where there is none of the id. */
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

/** How long an answer is held back, in milliseconds. */
export type Delay =
  | { milliseconds: number }
  /** Evenly spread between two bounds. */
  | { from: number; to: number }
  /** Log-normal, as latencies of services are: half of them below the median, a few far above. */
  | { median: number; sigma: number };

/** In which way the bytes of an answer do not arrive as they should. */
export type Delivery = 'reset' | 'close' | 'truncate' | 'garbage' | 'slow';

/** What goes wrong, for which requests, and how often. */
export interface Fault {
  /** Default: every operation. */
  operationId?: string | undefined;
  /** Default: every clinic. */
  clinic?: string | undefined;
  /** How many requests it strikes. Default: all. */
  count?: number | undefined;
  /** The share of the requests that it strikes, from 0 to 1. Default 1. */
  probability?: number | undefined;
  /** For how many seconds of the mock's clock it lasts. Default: until it is cleared. */
  seconds?: number | undefined;
  /** Holds the answer back. */
  delay?: Delay | undefined;
  /** Answers with this status: with the body that the specification documents for it, unless `body` is given. */
  status?: number | undefined;
  /** Which of the documented examples of the status, by its name. */
  example?: string | undefined;
  headers?: Record<string, string> | undefined;
  body?: unknown;
  /** Breaks the answer on its way. */
  delivery?: Delivery | undefined;
  /** Says another media type than that of the body. */
  contentType?: string | undefined;
  /** Says another lifetime, in seconds, than the token has. Strikes token requests alone. */
  expiresIn?: number | undefined;
}
