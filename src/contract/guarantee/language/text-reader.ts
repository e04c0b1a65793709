/** Reads a text from left to right, one code point at a time. */
export class TextReader {
  readonly #characters: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#characters = Array.from(text);
  }

  get ended(): boolean {
    return this.#at >= this.#characters.length;
  }

  /** The next character, or an empty text at the end. */
  peek(): string {
    return this.#characters[this.#at] ?? '';
  }

  next(): string {
    const found = this.peek();
    this.#at += 1;
    return found;
  }

  /** Passes the character if it is the next one. */
  take(wanted: string): boolean {
    if (this.peek() !== wanted) return false;
    this.#at += 1;
    return true;
  }

  /** Passes what a sticky pattern of ASCII matches here. */
  match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = 0;
    const found = pattern.exec(this.#characters.slice(this.#at, this.#at + 100).join(''));
    if (found) this.#at += found[0].length;
    return found ?? undefined;
  }
}
