import type { Collection } from '../../openapi/collections/model.ts';
import type { Fields } from '../../util/json.ts';

/** A clinic: its keys and its answers. */
export interface Clinic {
  /** The name of its file without the extension; also its name in the token URL. */
  id: string;
  name: string;
  keys: Key[];
  /** The bodies of its answers by operation id, or the lists of their cases (see `readCases`). */
  responses: Map<string, unknown>;
  /** What operations read and change that have no answer among the responses. */
  collections?: readonly Stock[] | undefined;
  /** The status of the case that was chosen, if it gives one. */
  status?: number | undefined;
}

/** The values of the parameters in the path of a collection, in their order. */
export type Parents = readonly string[];

/** An item of a collection. It is never changed, but replaced. */
export interface Item {
  parents: Parents;
  value: Fields;
}

/** A collection of a document, and what a clinic has in it at the start. */
export interface Stock {
  collection: Collection;
  items: readonly Item[];
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
