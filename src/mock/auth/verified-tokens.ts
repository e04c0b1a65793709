import type { JWTPayload } from 'jose';
import { keepNewest } from '../state/environment.ts';

/** A token whose signature and issuer were verified. */
export interface VerifiedToken {
  claims: JWTPayload;
  /** The id of the key that signed it. */
  kid: string | undefined;
}

/** Tokens whose signature was verified before. Time, scopes, keys and signing keys are still checked each time. */
export class VerifiedTokens {
  /** By the ends of their texts. */
  readonly #tokens = new Map<string, { token: string; verified: VerifiedToken }>();
  /** How many are remembered; the oldest is dropped for a new one. */
  readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  find(token: string): VerifiedToken | undefined {
    const known = this.#tokens.get(endOf(token));
    return known?.token === token ? known.verified : undefined;
  }

  remember(token: string, verified: VerifiedToken): void {
    keepNewest(this.#tokens, this.most, endOf(token), { token, verified });
  }
}

/** The end of the signature tells most tokens apart, and hashing the whole text takes longer than all else. */
function endOf(token: string): string {
  return token.slice(-32);
}
