// What a mock of some clinics has to answer, told without looking at how it does it: a token's signature, issuer and
// expiry, then its key, and from the key alone the clinic.

/** A clinic as its file has it. Everything that it answers carries its marker. */
export interface ModelClinic {
  id: string;
  keys: { clientId: string; clientSecret: string; status: 'active' | 'revoked' | 'expired' }[];
  doctors: Doctor[];
}

export interface Doctor {
  name: string;
  profileImage: null;
}

interface ModelKey {
  clinic: string;
  clientSecret: string;
  status: 'active' | 'revoked' | 'expired';
  expiresAt: number;
}

/** A token that the mock gave, and what the model knows of it. */
export interface ModelToken {
  text: string;
  clinic: string;
  clientId: string;
  /** Seconds since 1970. */
  expires: number;
  /** Which of the mock's signing keys has signed it. */
  signedBy: symbol;
}

const lifetime = 3600;

export class ClinicsModel {
  readonly #clinics: readonly ModelClinic[];
  readonly #start: number;
  now: number;
  keys = new Map<string, ModelKey>();
  answers = new Map<string, Doctor[]>();
  #signer = Symbol('the signing key of the start');
  /** Signing keys to the time until which they are published. */
  #retired = new Map<symbol, number>();

  constructor(clinics: readonly ModelClinic[], start: number) {
    this.#clinics = clinics;
    this.#start = start;
    this.now = start;
    this.reset();
  }

  /** Restores the start. Tokens and signing keys stay valid, even the tokens of a key that was removed or issued to another clinic. */
  reset(): void {
    this.now = this.#start;
    this.answers = new Map(this.#clinics.map(({ id, doctors }) => [id, doctors]));
    this.keys = new Map(
      this.#clinics.flatMap(({ id: clinic, keys }) =>
        keys.map(({ clientId, ...key }) => [clientId, { ...key, clinic, expiresAt: Infinity }]),
      ),
    );
  }

  rotate(): void {
    this.#retired.set(this.#signer, this.now + lifetime * 1000);
    this.#signer = Symbol('a later signing key');
  }

  /** Whether a token URL knows the client. A revoked key gets tokens: the API alone is documented to refuse it. */
  givesToken(clinic: string, clientId: string, clientSecret: string): boolean {
    const key = this.keys.get(clientId);
    return key?.clinic === clinic && key.clientSecret === clientSecret;
  }

  token(text: string, clinic: string, clientId: string): ModelToken {
    return { text, clinic, clientId, expires: Math.floor(this.now / 1000) + lifetime, signedBy: this.#signer };
  }

  /** The status of a call, and with 200 its body. */
  call({ clinic, clientId, expires, signedBy }: ModelToken): { status: number; body?: Doctor[] } {
    const published = signedBy === this.#signer || this.now < (this.#retired.get(signedBy) ?? -Infinity);
    if (!published || Math.floor(this.now / 1000) >= expires) return { status: 401 };
    const key = this.keys.get(clientId);
    if (!key) return { status: 403 };
    // The id has gone to another clinic since.
    if (key.clinic !== clinic) return { status: 401 };
    if (key.status !== 'active' || key.expiresAt <= this.now) return { status: 403 };
    return { status: 200, body: this.answers.get(clinic) ?? [] };
  }
}
