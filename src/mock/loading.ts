/** Something that takes long to load. It is loaded once, when it is first needed. */
export class Loading<Value> {
  readonly #load: () => Promise<Value>;
  #loading: Promise<Value> | undefined;
  #value: Value | undefined;
  #waiting: (() => void)[] = [];

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

  /** Does something as soon as it is loaded, at once where it is. Does not begin to load. What comes first is done first. */
  later(act: () => void): void {
    if (this.#value === undefined) this.#waiting.push(act);
    else act();
  }

  async #begin(): Promise<Value> {
    const value = await this.#load();
    this.#value = value;
    for (const act of this.#waiting.splice(0)) act();
    return value;
  }
}
