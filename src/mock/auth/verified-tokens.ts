import type { JWTPayload } from 'jose';

/** A token whose signature and issuer have been found good. */
export interface VerifiedToken {
  claims: JWTPayload;
  /** The id of the key that it was signed with. */
  kid: string | undefined;
}

/**
 * Tokens whose signature was verified before: a token's text and its key do not change. All that may have changed since
 * (time, scopes, keys, signing keys) is checked each time.
 */
export class VerifiedTokens {
  /** By the ends of their texts, in the order in which they came. */
  readonly #tokens = new Map<string, { token: string; verified: VerifiedToken }>();
  /** How many are remembered; the oldest one is dropped for another. */
  readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  find(token: string): VerifiedToken | undefined {
    const known = this.#tokens.get(endOf(token));
    return known?.token === token ? known.verified : undefined;
  }

  remember(token: string, verified: VerifiedToken): void {
    if (this.most === 0) return;
    if (this.#tokens.size >= this.most) {
      const [oldest] = this.#tokens.keys();
      if (oldest !== undefined) this.#tokens.delete(oldest);
    }
    this.#tokens.set(endOf(token), { token, verified });
  }
}

/**
 * The last characters of the signature, by which a token is found: to hash the whole text takes longer than all else. Two
 * tokens with the same end are told apart by their text.
 */
function endOf(token: string): string {
  return token.slice(-32);
}
