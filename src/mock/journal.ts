import type { Answered } from './answered.ts';

/** A request that was answered, and when. */
export interface JournalEntry extends Answered {
  /** Counted from 1; ids of entries that were dropped are not used again. */
  id: number;
  /** When it was answered, on the mock's clock. */
  time: string;
}

/** Which entries are meant: those that have all of these values. */
export type JournalFilter = {
  [Name in 'operationId' | 'clinic' | 'clientId' | 'reason' | 'method' | 'status']?: Answered[Name] | undefined;
};

/** How many entries are kept. */
const capacity = 10_000;

/** What a sandbox was asked and answered: the newest entries. No secret and no token is in it. */
export class Journal {
  #entries: JournalEntry[] = [];
  /** Where the oldest entry stands once the ring is full. */
  #oldest = 0;
  #recorded = 0;
  #cleared = 0;

  record(answered: Answered, now: number): void {
    this.#recorded += 1;
    const entry = { id: this.#recorded, time: new Date(now).toISOString(), ...answered };
    if (this.#entries.length < capacity) this.#entries.push(entry);
    else {
      this.#entries[this.#oldest] = entry;
      this.#oldest = (this.#oldest + 1) % capacity;
    }
  }

  /** The entries that fit, oldest first. */
  find(filter: JournalFilter = {}): JournalEntry[] {
    const wanted = Object.entries(filter).filter(([, value]) => value !== undefined);
    const all = [...this.#entries.slice(this.#oldest), ...this.#entries.slice(0, this.#oldest)];
    return all.filter((entry) => wanted.every(([name, value]) => Reflect.get(entry, name) === value));
  }

  /** How many entries fit. */
  count(filter: JournalFilter = {}): number {
    return this.find(filter).length;
  }

  /** How many entries made room for newer ones since the journal was cleared. */
  get dropped(): number {
    return this.#recorded - this.#cleared - this.#entries.length;
  }

  clear(): void {
    this.#entries = [];
    this.#oldest = 0;
    this.#cleared = this.#recorded;
  }
}
