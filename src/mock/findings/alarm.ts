import type { Schedule } from '../state/environment.ts';

/** No timer of JavaScript runs for longer than 24.8 days; an alarm that is further off looks again after an hour. */
const longest = 3_600_000;

interface AlarmParts {
  /** Milliseconds since 1970. */
  now: () => number;
  schedule: Schedule;
  ring: () => void;
}

/** Rings after the time for which it was set last. */
export class Alarm {
  readonly #parts: AlarmParts;
  #due = Infinity;
  #callOff = (): void => {};

  constructor(parts: AlarmParts) {
    this.#parts = parts;
  }

  /** @param due milliseconds since 1970; Infinity for never. */
  set(due: number): void {
    if (due === this.#due) return;
    this.#callOff();
    this.#due = due;
    if (due === Infinity) return;
    const { now, schedule, ring } = this.#parts;
    const wait = Math.min(Math.max(due - now(), 0) + 1, longest);
    this.#callOff = schedule(() => {
      this.#due = Infinity;
      ring();
    }, wait);
  }
}
