/** A token as it is kept. Times in milliseconds since 1970, by the clock of the machine that asked for it. */
export interface StoredToken {
  accessToken: string;
  obtainedAt: number;
  expiresAt: number;
}

/**
 * Keeps tokens where other clients and processes find them, so that not each of them asks for its own. A `Map` is one for
 * the clients of one process. The key stands for token URL, client id and scope, and holds no secret; the token is one:
 * keep it as well as a password.
 *
 * What fails or hangs here is told as a warning, and the client goes on without.
 */
export interface TokenStore {
  get(key: string): Promise<StoredToken | undefined> | StoredToken | undefined;
  set(key: string, token: StoredToken): unknown;
}

/** A token is renewed in the background for its last five minutes, or the last half of a shorter life. */
const advisory = 300_000;

/** In its last minute, or the last quarter of a shorter life, calls wait for the next: it could end on its way. */
const mandatory = 60_000;

/** From when on a token is renewed while it is still used, from when on calls wait for that, and when it ends. */
export function windowsOf({
  obtainedAt,
  expiresAt,
}: StoredToken): [renewAt: number, requiredAt: number, expiresAt: number] {
  const life = expiresAt - obtainedAt;
  return [expiresAt - Math.min(advisory, life / 2), expiresAt - Math.min(mandatory, life / 4), expiresAt];
}

/** Whether a token can stand in a header. `fetch` refuses others, and repeats them in its message. */
export function isToken(value: unknown): value is string {
  return typeof value === 'string' && /^[!-~]+$/.test(value);
}
