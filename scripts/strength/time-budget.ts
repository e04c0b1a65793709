/** How long mutants may be played, and how many there would have been. */
export class TimeBudget {
  readonly #startedAt: number;
  readonly #seconds: number;
  readonly #now: () => number;
  readonly #expected = new Map<string, number>();

  /** @param now milliseconds, such as `Date.now()`. */
  constructor(seconds: number, now: () => number = Date.now) {
    this.#seconds = seconds;
    this.#now = now;
    this.#startedAt = now();
  }

  /** Seconds since the start. */
  get spent(): number {
    return (this.#now() - this.#startedAt) / 1000;
  }

  mayGoOn(): boolean {
    return this.spent < this.#seconds;
  }

  expect(half: string, count: number): void {
    this.#expected.set(half, count);
  }

  /** How many of a half's mutants were not played. */
  left(half: string, played: number): number {
    return (this.#expected.get(half) ?? played) - played;
  }
}
