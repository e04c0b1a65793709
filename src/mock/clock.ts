/** A span of time; what is left out is zero. */
export interface Duration {
  days?: number;
  hours?: number;
  minutes?: number;
  seconds?: number;
  milliseconds?: number;
}

/** The time of a sandbox: it runs as the clock beneath it, from wherever it was set. */
export class Clock {
  readonly #beneath: () => number;
  #offset = 0;
  #moves = 0;

  /** @param beneath the time in milliseconds since 1970 that is shown until the clock is set. */
  constructor(beneath: () => number) {
    this.#beneath = beneath;
  }

  /** @internal How often it was set. */
  get moves(): number {
    return this.#moves;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.#beneath() + this.#offset;
  }

  /** Sets the clock to an instant, also one in the past; it runs on from there. */
  set(instant: Date): void {
    this.#moves += 1;
    this.#offset = instant.getTime() - this.#beneath();
  }

  /** Sets the clock forward, or back where the duration is negative. */
  advance({ days = 0, hours = 0, minutes = 0, seconds = 0, milliseconds = 0 }: Duration): void {
    this.#moves += 1;
    this.#offset += (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;
  }

  /** Shows the time beneath again. */
  reset(): void {
    this.#moves += 1;
    this.#offset = 0;
  }
}
