/** How many requests may still go to a provider. One budget may serve several nets. */
export class RequestBudget {
  readonly limit: number;
  #spent = 0;

  /** @param limit `Infinity` for no limit. */
  constructor(limit: number) {
    this.limit = limit;
  }

  get spent(): number {
    return this.#spent;
  }

  /** True if there was a request left; it is then spent. */
  spend(): boolean {
    if (this.#spent >= this.limit) return false;
    this.#spent += 1;
    return true;
  }
}
