import type { Clinic, Key, KeyStatus } from '../clinics/clinic.ts';
import type { Secrets } from '../http/redact.ts';
import type { Clock } from './clock.ts';
import type { Memory } from './memory.ts';

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
  readonly secrets: Secrets;
  readonly #keys = new Map<string, Key>();
  /** Whose status was changed, and that were issued, since the files were read. */
  readonly #changed = new Set<string>();
  readonly #issued = new Set<string>();
  readonly #clock: Clock;
  readonly #newId: () => string;
  readonly #memory: Memory;
  /** How often a key was issued or changed. */
  changes = 0;

  constructor(
    clinics: readonly Clinic[],
    { secrets, newId }: { secrets: Secrets; newId: () => string },
    clock: Clock,
    memory: Memory,
  ) {
    this.secrets = secrets;
    this.#memory = memory;
    // Copies: another sandbox of the same files has keys of its own.
    for (const { keys } of clinics) for (const key of keys) this.#add({ ...key });
    this.#clock = clock;
    this.#newId = newId;
  }

  /** Forgets the secrets. */
  end(): void {
    this.secrets.remove(this.list());
  }

  find(clientId: string): Key | undefined {
    return this.#keys.get(clientId);
  }

  findBySecret(secret: string): Key | undefined {
    for (const key of this.#keys.values()) if (key.clientSecret === secret) return key;
    return undefined;
  }

  /** The keys of a clinic, or of all, oldest first. */
  list(clinic?: string): Key[] {
    return [...this.#keys.values()].filter((key) => clinic === undefined || key.clinic === clinic);
  }

  status({ status, expiresAt }: Key): KeyStatus {
    return status === 'active' && expiresAt !== undefined && expiresAt <= this.#clock.now() ? 'expired' : status;
  }

  /** Makes a new active key. Undefined if the id is taken. @throws ControlError `too_many`. */
  issue({ clinic, clientId = `${clinic}-${this.#newId()}`, clientSecret, expiresAt }: NewKey): Key | undefined {
    if (this.#keys.has(clientId)) return undefined;
    const key: Key = {
      clinic,
      clientId,
      clientSecret: clientSecret ?? `not-a-secret-${this.#newId()}`,
      status: 'active',
      expiresAt: expiresAt?.getTime(),
    };
    this.#memory.take(1000 + 16 * (clientId.length + key.clientSecret.length));
    this.changes += 1;
    this.#issued.add(clientId);
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
    this.#changed.add(clientId);
    return changed;
  }

  isChanged(clientId: string): boolean {
    return this.#changed.has(clientId);
  }

  isIssued(clientId: string): boolean {
    return this.#issued.has(clientId);
  }

  /** Keeps a key as it was before other files were read: its status, or the whole of one that was issued. */
  keep({ clientId, ...key }: Key, wasIssued: boolean): void {
    const own = this.#keys.get(clientId);
    if (wasIssued && !own) this.#add({ clientId, ...key });
    else if (own) this.#keys.set(clientId, { ...own, status: key.status, expiresAt: key.expiresAt });
    (wasIssued ? this.#issued : this.#changed).add(clientId);
  }

  #add(key: Key): void {
    this.#keys.set(key.clientId, key);
    this.secrets.add(key);
  }
}
