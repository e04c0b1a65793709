import { ControlError } from '../control/control-error.ts';

/** What control requests may have all worlds of a mock keep, in characters. */
const mostCharacters = 200_000_000;
/** What all journals keep, in characters. */
const mostRecorded = 100_000_000;

/** What keeps texts that it can do without. */
export interface Recorder {
  characters: number;
  dropOldest: () => void;
}

/** The memory of a mock: its worlds share a bound. */
export class Memory {
  readonly #whole: Memory | undefined;
  readonly #recorders = new Set<Recorder>();
  #taken = 0;
  #recorded = 0;
  #hasEnded = false;

  constructor(whole?: Memory) {
    this.#whole = whole;
  }

  /** The part of one world. */
  share(): Memory {
    return new Memory(this.#whole ?? this);
  }

  /** @param characters to keep, or if negative, no longer. @throws ControlError `too_many` if there is no place for them. */
  take(characters: number): void {
    if (this.offer(characters)) return;
    const message = `The mock keeps ${mostCharacters / 1_000_000} MB of faults, keys, answers and items already: reset it, or end sandboxes.`;
    throw new ControlError('too_many', message);
  }

  /** The same, but false if there is no place. */
  offer(characters: number): boolean {
    const whole = this.#whole ?? this;
    if (characters > 0 && whole.#taken + characters > mostCharacters) return false;
    whole.#taken += characters;
    if (this.#whole) this.#taken += characters;
    return true;
  }

  /** Counts what is recorded. Where that is too much, the largest recorder drops its oldest. */
  record(recorder: Recorder, characters: number): void {
    // An answer may come after the end of its world.
    if (this.#hasEnded) return;
    const whole = this.#whole ?? this;
    // It has nothing else: this is its first entry.
    if (recorder.characters === characters) whole.#recorders.add(recorder);
    whole.#recorded += characters;
    while (whole.#recorded > mostRecorded) {
      let [largest] = whole.#recorders;
      for (const each of whole.#recorders) if (largest && each.characters > largest.characters) largest = each;
      if (!largest || largest.characters === 0) return;
      largest.dropOldest();
    }
  }

  /** Gives back what a world has kept. */
  end(...recorders: readonly Recorder[]): void {
    this.take(-this.#taken);
    this.#hasEnded = true;
    for (const each of recorders) this.#forget(each);
  }

  #forget(recorder: Recorder): void {
    const whole = this.#whole ?? this;
    if (whole.#recorders.delete(recorder)) whole.#recorded -= recorder.characters;
  }
}
