import type { JWTPayload } from 'jose';
import type { Sandbox } from '../state/sandbox.ts';

/** A token whose signature and issuer have been found good. */
export interface VerifiedToken {
  claims: JWTPayload;
  /** The id of the key that it was signed with. */
  kid: string;
  /** The clinic of its issuer. */
  clinic: string;
  /** The key that it was given for. */
  clientId: string;
  scopes: ReadonlySet<string>;
}

/**
 * Tokens whose signature was verified before, so that it need not be done again: a token's text and its key do not change.
 * Whatever may change in the meantime (time, scopes, keys, signing keys) is looked at each time.
 */
export class VerifiedTokens {
  /** By the ends of their texts, in the order in which they came. */
  readonly #tokens = new Map<string, { token: string; verified: VerifiedToken }>();
  readonly #most: number;

  /** @param most how many are remembered; the oldest one makes room. */
  constructor(most: number) {
    this.#most = most;
  }

  find(token: string): VerifiedToken | undefined {
    const known = this.#tokens.get(endOf(token));
    return known?.token === token ? known.verified : undefined;
  }

  remember(token: string, verified: VerifiedToken): void {
    if (this.#most === 0) return;
    if (this.#tokens.size >= this.#most) {
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

/** Whether a token that was good is good at a time in milliseconds since 1970: what remains is its end, and its key's. */
export function isStillGood({ signingKeys }: Sandbox, { claims, kid }: VerifiedToken, now: number): boolean {
  const { exp = 0, nbf } = claims;
  return exp > Math.floor(now / 1000) && nbf === undefined && signingKeys.find(kid, now) !== undefined;
}

/** The id of a token, if it has one that can be shown. */
export function tokenIdOf({ jti }: JWTPayload): string | undefined {
  return typeof jti === 'string' && jti.length <= 100 ? jti : undefined;
}
