/** A clinic: its keys and its answers. */
export interface Clinic {
  /** The name of its file without the extension; also its name in the token URL. */
  id: string;
  name: string;
  keys: Key[];
  /** The bodies of its answers by operation id, or the lists of their cases (see `readCases`). */
  responses: Map<string, unknown>;
  /** The status of the case that was chosen, if it gives one. */
  status?: number | undefined;
}

/** Client credentials that a clinic's administrator made. */
export interface Key {
  clinic: string;
  clientId: string;
  clientSecret: string;
  /** The set status; `Keys.status` also considers the clock. */
  status: KeyStatus;
  /** When the key itself expires, in milliseconds since 1970. */
  expiresAt: number | undefined;
}

export type KeyStatus = 'active' | 'revoked' | 'expired';

/** A clinic with new secrets: one that is valid in a single sandbox reveals a program that confuses two. */
export function withOwnSecrets(clinic: Clinic, newId: () => string): Clinic {
  const keys = clinic.keys.map((key) => ({ ...key, clientSecret: `not-a-secret-${newId()}` }));
  return { ...clinic, keys };
}
