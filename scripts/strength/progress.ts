/** A line of a terminal that counts; silent where stderr is none. */
export class Progress {
  readonly #what: string;
  #done = 0;

  constructor(what: string) {
    this.#what = what;
  }

  step(count: number): void {
    this.#done += 1;
    if (!process.stderr.isTTY) return;
    process.stderr.write(`\r${this.#what}: ${this.#done} of ${count}`);
    if (this.#done === count) process.stderr.write('\r\u001B[K');
  }
}
