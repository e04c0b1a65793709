/** One clinic of the mock's world: its keys and what it answers. */
export interface Clinic {
  /** The name of its file without the ending; also its name in the token URL. */
  id: string;
  /** For people. */
  name: string;
  keys: Key[];
  /** Operation id to the body of its successful answer. */
  responses: Map<string, unknown>;
}

/** Client credentials that a clinic's administrator made. */
export interface Key {
  clinic: string;
  clientId: string;
  clientSecret: string;
  /** As the file has it; `keyStatus` also looks at the clock. */
  status: KeyStatus;
  /** Milliseconds since 1970 at which the key itself ends, whatever its tokens say. */
  expiresAt: number | undefined;
}

export type KeyStatus = 'active' | 'revoked' | 'expired';

/** What a key is worth at a time in milliseconds since 1970. */
export function keyStatus(key: Key, now: number): KeyStatus {
  if (key.status === 'active' && key.expiresAt !== undefined && key.expiresAt <= now) return 'expired';
  return key.status;
}
