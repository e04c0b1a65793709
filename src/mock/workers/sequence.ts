import { performance } from 'node:perf_hooks';
import { scheduleByTimer } from '../schedule.ts';

/** Milliseconds after which what a worker has answered must have been said. */
const patience = 50;

/** Brings what several processes have answered into the order in which it ended. */
export class Sequence {
  #waiting: { ended: number; act: () => void }[] = [];
  #isScheduled = false;

  /** @param ended as `performance.now()` of this process. */
  put(ended: number, act: () => void): void {
    this.#waiting.push({ ended, act });
    this.#schedule();
  }

  /** Does all that ended until then. */
  drain(until = Infinity): void {
    const due = this.#waiting.filter(({ ended }) => ended <= until);
    this.#waiting = this.#waiting.filter(({ ended }) => ended > until);
    for (const { act } of due.toSorted((a, b) => a.ended - b.ended)) act();
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#waiting.length === 0) return;
    this.#isScheduled = true;
    scheduleByTimer(() => {
      this.#isScheduled = false;
      this.drain(performance.now() - patience);
    }, patience);
  }
}
