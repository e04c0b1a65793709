import type { Clinic, Key, KeyStatus } from '../clinics/clinic.ts';
import { Secrets } from '../http/redact.ts';
import type { Clock } from './clock.ts';

/** A new key. Omitted values are generated. */
export interface NewKey {
  clinic: string;
  clientId?: string | undefined;
  clientSecret?: string | undefined;
  /** When the key itself expires. */
  expiresAt?: Date | undefined;
}

/** The keys of a sandbox's clinics: those of the files, with their changes, and new ones. */
export class Keys {
  /** Hides secrets in texts that are kept or repeated. */
  readonly secrets = new Secrets();
  readonly #keys = new Map<string, Key>();
  readonly #clock: Clock;
  readonly #newId: () => string;
  /** How often a key was issued or changed. */
  changes = 0;

  constructor(clinics: readonly Clinic[], clock: Clock, newId: () => string) {
    // Copies: another sandbox of the same files has keys of its own.
    for (const { keys } of clinics) for (const key of keys) this.#add({ ...key });
    this.#clock = clock;
    this.#newId = newId;
  }

  find(clientId: string): Key | undefined {
    return this.#keys.get(clientId);
  }

  findBySecret(secret: string): Key | undefined {
    return this.list().find(({ clientSecret }) => clientSecret === secret);
  }

  /** The keys of a clinic, or of all, oldest first. */
  list(clinic?: string): Key[] {
    return [...this.#keys.values()].filter((key) => clinic === undefined || key.clinic === clinic);
  }

  status({ status, expiresAt }: Key): KeyStatus {
    return status === 'active' && expiresAt !== undefined && expiresAt <= this.#clock.now() ? 'expired' : status;
  }

  /** Makes a new active key. Undefined if the id is taken. */
  issue({ clinic, clientId = `${clinic}-${this.#newId()}`, clientSecret, expiresAt }: NewKey): Key | undefined {
    if (this.#keys.has(clientId)) return undefined;
    const key: Key = {
      clinic,
      clientId,
      clientSecret: clientSecret ?? `not-a-secret-${this.#newId()}`,
      status: 'active',
      expiresAt: expiresAt?.getTime(),
    };
    this.changes += 1;
    this.#add(key);
    return key;
  }

  /** Revokes, expires or reactivates a key; an active one has no expiry date. */
  change(clientId: string, status: KeyStatus): Key | undefined {
    const key = this.#keys.get(clientId);
    if (!key) return undefined;
    this.changes += 1;
    const changed = { ...key, status, expiresAt: status === 'active' ? undefined : key.expiresAt };
    this.#keys.set(clientId, changed);
    return changed;
  }

  #add(key: Key): void {
    this.#keys.set(key.clientId, key);
    this.secrets.add(key);
  }
}
