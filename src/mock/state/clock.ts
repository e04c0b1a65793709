import { checkArgument } from '../control/check-request.ts';
import { badRequest } from '../control/control-error.ts';

const latest = Date.parse('9999-12-31T23:59:59.999Z');

/** A span of time; omitted parts are zero. */
export interface Duration {
  days?: number;
  hours?: number;
  minutes?: number;
  seconds?: number;
  milliseconds?: number;
}

/** The instant of a date-time (RFC 3339), where a leap second is the end of the second before it; an offset may have hours alone. */
export function readInstant(text: string): Date {
  return new Date(text.replace(/(?<=:\d\d:)60(?:\.\d+)?/, '59.999').replace(/:\d\d(?:\.\d+)?[+-]\d\d$/, '$&:00'));
}

/** The time of a sandbox. It runs from whatever time was set, to the end of the year 9999. */
export class Clock {
  readonly #beneath: () => number;
  readonly #mayMove: () => void;
  #offset = 0;
  #moves = 0;

  /** @internal @param beneath the time in milliseconds since 1970 until the clock is set. @param mayMove throws where it may not be set now. */
  constructor(beneath: () => number, mayMove: () => void) {
    this.#beneath = beneath;
    this.#mayMove = mayMove;
  }

  /** @internal How often it was set. */
  get moves(): number {
    return this.#moves;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return Math.min(this.#beneath() + this.#offset, latest);
  }

  /** Sets the clock, also to the past. @throws ControlError `bad_request` if it is before 1970 or after 9999. */
  set(instant: Date): void {
    this.#move(instant.getTime() - this.#beneath());
  }

  /** Moves the clock. @throws ControlError `bad_request` if the duration is invalid, or leads out of 1970 to 9999. */
  advance(duration: Duration): void {
    const { days = 0, hours = 0, minutes = 0, seconds = 0, milliseconds = 0 } = checkArgument('advanceClock', duration);
    this.#move(this.#offset + (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + milliseconds);
  }

  /** Shows the original time again. */
  reset(): void {
    this.#move(0);
  }

  #move(offset: number): void {
    this.#mayMove();
    const time = this.#beneath() + offset;
    if (!(time >= 0 && time <= latest)) {
      throw badRequest('The clock goes from the year 1970 to the year 9999.');
    }
    this.#moves += 1;
    this.#offset = offset;
  }
}
