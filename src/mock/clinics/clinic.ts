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
  /** As it was said; `Keys.status` also looks at the clock. */
  status: KeyStatus;
  /** Milliseconds since 1970 at which the key itself ends, whatever its tokens say. */
  expiresAt: number | undefined;
}

export type KeyStatus = 'active' | 'revoked' | 'expired';

/** A secret that is good in one sandbox only shows a program that has mixed up two. */
export function withOwnSecrets(clinic: Clinic, newId: () => string): Clinic {
  const keys = clinic.keys.map((key) => ({ ...key, clientSecret: `not-a-secret-${newId()}` }));
  return { ...clinic, keys };
}
