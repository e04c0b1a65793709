import type { Clinic, Key, KeyStatus } from '../clinics/clinic.ts';
import { Secrets } from '../http/redact.ts';
import type { Clock } from './clock.ts';

/** A new key. What is left out is generated. */
export interface NewKey {
  clinic: string;
  clientId?: string | undefined;
  clientSecret?: string | undefined;
  /** When the key itself ends. */
  expiresAt?: Date | undefined;
}

/** The keys of a sandbox's clinics: those of the files as they are now, and new ones. */
export class Keys {
  /** What no text that is kept or repeated may show. */
  readonly secrets = new Secrets();
  readonly #keys = new Map<string, Key>();
  /** Clinic to the ids of its keys. */
  readonly #ids = new Map<string, string[]>();
  readonly #clock: Clock;
  readonly #newId: () => string;
  #changes = 0;

  constructor(clinics: readonly Clinic[], clock: Clock, newId: () => string) {
    // Copies: another sandbox of the same files has keys of its own.
    for (const { keys } of clinics) for (const key of keys) this.#add({ ...key });
    this.#clock = clock;
    this.#newId = newId;
  }

  /** How often a key was issued or changed. */
  get changes(): number {
    return this.#changes;
  }

  find(clientId: string): Key | undefined {
    return this.#keys.get(clientId);
  }

  /** The keys of a clinic, or of all, in the order in which they came. */
  list(clinic?: string): Key[] {
    if (clinic === undefined) return [...this.#keys.values()];
    return (this.#ids.get(clinic) ?? []).flatMap((id) => this.#keys.get(id) ?? []);
  }

  /** What a key is worth now. */
  status({ status, expiresAt }: Key): KeyStatus {
    return status === 'active' && expiresAt !== undefined && expiresAt <= this.#clock.now() ? 'expired' : status;
  }

  /** Makes a new active key, as the clinic's administrator does. Undefined where the id is taken. */
  issue({ clinic, clientId = `${clinic}-${this.#newId()}`, clientSecret, expiresAt }: NewKey): Key | undefined {
    if (this.#keys.has(clientId)) return undefined;
    const key: Key = {
      clinic,
      clientId,
      clientSecret: clientSecret ?? `not-a-secret-${this.#newId()}`,
      status: 'active',
      expiresAt: expiresAt?.getTime(),
    };
    this.#changes += 1;
    this.#add(key);
    return key;
  }

  /** Makes a key revoked, expired, or active without an expiry date. Undefined where there is no such key. */
  change(clientId: string, status: KeyStatus): Key | undefined {
    const key = this.#keys.get(clientId);
    if (!key) return undefined;
    this.#changes += 1;
    const changed = { ...key, status, expiresAt: status === 'active' ? undefined : key.expiresAt };
    this.#keys.set(clientId, changed);
    return changed;
  }

  #add(key: Key): void {
    this.#keys.set(key.clientId, key);
    this.secrets.add(key);
    this.#ids.set(key.clinic, [...(this.#ids.get(key.clinic) ?? []), key.clientId]);
  }
}
