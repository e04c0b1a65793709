import type { KeyStatus } from '../clinics/clinic.ts';
import type { NewKey } from '../state/keys.ts';
import type { Sandbox } from '../state/sandbox.ts';
import type { Credentials } from '../token/basic-credentials.ts';
import { ControlError } from './control-error.ts';
import { notFound } from './not-found.ts';

/** A key as it is shown to whoever may control the mock. */
export interface ShownKey {
  clientId: string;
  clientSecret: string;
  status: KeyStatus;
}

/** What an administrator of a clinic does with its keys. */
export class KeyControls {
  readonly #sandbox: Sandbox;

  /** @internal The types that a user sees must not ask for those of the libraries beneath. */
  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  /** @internal Whether there is a key with this secret. */
  have({ clientId, clientSecret }: Credentials): boolean {
    return this.#sandbox.keys.find(clientId)?.clientSecret === clientSecret;
  }

  /** The keys of a clinic with what they are worth now. */
  list(clinic: string): ShownKey[] {
    return this.#sandbox.keys.list(clinic).map((key) => this.#show(key.clientId));
  }

  /**
   * Makes a new active key.
   * @throws ControlError if there is no such clinic, the client id is taken, or `expiresAt` is no date.
   */
  issue(key: NewKey): ShownKey {
    const { fixtures } = this.#sandbox;
    if (!fixtures.clinic(key.clinic)) throw notFound('clinic', key.clinic, fixtures.ids());
    if (key.expiresAt && Number.isNaN(key.expiresAt.getTime())) {
      throw new ControlError('bad_request', 'The key is to expire at a time that does not exist.');
    }
    const issued = this.#sandbox.keys.issue(key);
    if (!issued) throw new ControlError('conflict', `There is a key ${key.clientId} already.`);
    return this.#show(issued.clientId);
  }

  /** From now on the API answers 403 to the key's tokens. @throws ControlError if there is no such key. */
  revoke(clientId: string): ShownKey {
    return this.#change(clientId, 'revoked');
  }

  /** As if the key's own expiry date had passed. @throws ControlError if there is no such key. */
  expire(clientId: string): ShownKey {
    return this.#change(clientId, 'expired');
  }

  /** Makes the key active again, without an expiry date. @throws ControlError if there is no such key. */
  restore(clientId: string): ShownKey {
    return this.#change(clientId, 'active');
  }

  #change(clientId: string, status: KeyStatus): ShownKey {
    if (!this.#sandbox.keys.change(clientId, status)) throw this.#noKey(clientId);
    return this.#show(clientId);
  }

  #show(clientId: string): ShownKey {
    const key = this.#sandbox.keys.find(clientId);
    if (!key) throw this.#noKey(clientId);
    return { clientId, clientSecret: key.clientSecret, status: this.#sandbox.keys.status(key) };
  }

  #noKey(clientId: string): ControlError {
    const known = this.#sandbox.keys.list().map((key) => key.clientId);
    return notFound('key', clientId, known);
  }
}
