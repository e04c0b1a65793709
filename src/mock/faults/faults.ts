import type { Operation } from '../../spec/operation.ts';
import type { Clock } from '../state/clock.ts';
import type { Random } from '../random.ts';
import type { Fault } from './fault.ts';

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

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Whether no fault is set, so that nothing needs to be known of a request. */
  get none(): boolean {
    return this.#faults.length === 0;
  }

  /** Whether any fault that is set is for such a request; whether it strikes may be left to chance. */
  mayStrike({ id }: Operation, clinic: string): boolean {
    return this.#faults.some(
      ({ fault }) =>
        (fault.operationId === undefined || fault.operationId === id) &&
        (fault.clinic === undefined || fault.clinic === clinic),
    );
  }

  add(fault: Fault): SetFault {
    this.#made += 1;
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
