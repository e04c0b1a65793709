import type { Request } from '../request.ts';
import type { OperationRow } from '../types.ts';

/** Times in milliseconds since 1970, by the clock of the machine that requested the token. */
export interface StoredToken {
  accessToken: string;
  obtainedAt: number;
  expiresAt: number;
}

/**
 * Shares tokens between clients and processes; within one process, a `Map` will do. The key is made from token URL, client
 * id and scope, and contains no secret. Protect the token like a password. If a store fails or hangs, the client warns and
 * continues without it.
 */
export interface TokenStore {
  get(key: string): Promise<StoredToken | undefined> | StoredToken | undefined;
  set(key: string, token: StoredToken): unknown;
}

/** Milliseconds before its end, at most half its life, from which a token is renewed in the background. */
const advisory = 300_000;

/** Milliseconds before its end, at most a quarter of its life, from which calls wait for the renewal. */
const mandatory = 60_000;

export function windowsOf({
  obtainedAt,
  expiresAt,
}: StoredToken): [renewAt: number, requiredAt: number, expiresAt: number] {
  const life = expiresAt - obtainedAt;
  return [expiresAt - Math.min(advisory, life / 2), expiresAt - Math.min(mandatory, life / 4), expiresAt];
}

/** Whether a token is valid in a header. `fetch` refuses others, and its message contains them. */
export function isToken(value: unknown): value is string {
  return typeof value === 'string' && /^[!-~]+$/.test(value);
}

/** A token in use. Its identity tells generations apart, even with the same text. */
export interface Token {
  readonly value: string;
}

export interface TokenSource {
  /**
   * The current token, synchronously if there is one. Concurrent callers share one token request.
   * @param row what asks for it, where not all operations take a token. @param request presents other credentials.
   * @param signal ends a token request for which only this caller waits.
   */
  get(row: OperationRow, request: Request, signal?: AbortSignal): Token | Promise<Token | undefined> | undefined;
  /** Forgets a token that the API refused, unless it has been replaced since. */
  invalidate(rejected: Token): void;
}
