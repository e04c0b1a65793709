import type { PrismOperation } from './prism/types.ts';
import type { Reply } from './http/reply.ts';

/** How many different `Accept` headers are kept for an operation; a client has one or two. */
const mostReplies = 50;

/**
 * Prism's answers of success, ready to be sent. To a request that violates nothing, Prism answers by the operation with its
 * examples and by what the request accepts, and by nothing else; so it need not be asked again.
 */
export class KeptReplies {
  readonly #replies = new WeakMap<PrismOperation, Map<string | undefined, Reply>>();
  readonly #keeps: boolean;

  /** @param keeps false for a mock that asks Prism each time. */
  constructor(keeps: boolean) {
    this.#keeps = keeps;
  }

  /** @param accept the header, where the request has it: to accept nothing is another thing than to say nothing of it. */
  find(operation: PrismOperation, accept: string | undefined): Reply | undefined {
    return this.#replies.get(operation)?.get(accept);
  }

  keep(operation: PrismOperation, accept: string | undefined, reply: Reply): void {
    const known = this.#replies.get(operation) ?? new Map<string | undefined, Reply>();
    if (!this.#keeps || known.size >= mostReplies) return;
    this.#replies.set(operation, known.set(accept, reply));
  }
}
