import type { Seen } from './rule.ts';

/** Until when the clients have a token, told from the requests of each. */
export class TokensInUse {
  readonly #lifetime: number;
  /** Client to the end of the token that it was given last: milliseconds since 1970. */
  readonly #until = new Map<string, number>();

  /** @param lifetime of a token, in seconds. */
  constructor(lifetime: number) {
    this.#lifetime = lifetime;
  }

  see({ clientId, issuesTokens, status, ended }: Seen): void {
    if (clientId === undefined) return;
    if (issuesTokens && status === 200) this.#until.set(clientId, ended + this.#lifetime * 1000);
    // A client that was told that its token is no good has none.
    if (!issuesTokens && status === 401) this.#until.delete(clientId);
  }

  /** Whether the client had a good token when it sent this request. */
  has({ clientId = '', began }: Seen): boolean {
    return began < (this.#until.get(clientId) ?? -Infinity);
  }
}
