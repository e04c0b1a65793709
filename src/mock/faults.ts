/** Answers that were ordered for the next requests, in place of the usual ones. */
export class Faults {
  readonly #statuses = new Map<string, number[]>();

  /** The next request for the operation is answered with this documented status. */
  add(operationId: string, status: number): void {
    this.#statuses.set(operationId, [...(this.#statuses.get(operationId) ?? []), status]);
  }

  /** The status that the request at hand is to get, if one was ordered; it is used up by asking. */
  take(operationId: string): number | undefined {
    return this.#statuses.get(operationId)?.shift();
  }
}
