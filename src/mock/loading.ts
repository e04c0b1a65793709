import { scheduleByTimer } from './state/environment.ts';

/** Milliseconds that whoever waited for the value has before what was put off takes the processor. */
const headStart = 50;

/** Something that takes long to load. It is loaded once, when it is first needed. */
export class Loading<Value> {
  readonly #load: () => Promise<Value>;
  #loading: Promise<Value> | undefined;
  #value: Value | undefined;
  #putOff: (() => void)[] = [];

  constructor(load: () => Promise<Value>) {
    this.#load = load;
  }

  /** Begins to load, unless that has been begun. */
  get(): Promise<Value> {
    this.#loading ??= this.#begin();
    return this.#loading;
  }

  /** What was loaded; undefined until then. */
  get value(): Value | undefined {
    return this.#value;
  }

  /** Whether nothing waits: it was loaded, and all is done that was put off until then. */
  get isCaughtUp(): boolean {
    return this.#value !== undefined && this.#putOff.length === 0;
  }

  /**
   * Does something once it is loaded, at once where nothing else waits for that. Does not begin to load. What comes first is
   * done first.
   */
  later(act: () => void): void {
    if (this.isCaughtUp) act();
    else this.#putOff.push(act);
  }

  /** Does what was put off now, if it is loaded. */
  catchUp(): void {
    if (this.#value === undefined) return;
    for (const act of this.#putOff) act();
    this.#putOff = [];
  }

  async #begin(): Promise<Value> {
    const value = await this.#load();
    this.#value = value;
    scheduleByTimer(() => this.catchUp(), headStart);
    return value;
  }
}
