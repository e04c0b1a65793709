import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, exportJWK, type JSONWebKeySet, type JWK } from 'jose';

/** One RSA key that signs tokens. */
export interface SigningKey {
  /** Its id, the RFC 7638 thumbprint. */
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
  /** The public key as published. */
  jwk: JWK;
}

const mostRetired = 100;

/** The keys that sign a sandbox's tokens: the current one, and retired ones that still verify their tokens. */
export class SigningKeys {
  #current: SigningKey;
  #retired: { key: SigningKey; until: number }[] = [];
  /** How often the current key was replaced. */
  changes = 0;

  constructor(first: SigningKey) {
    this.#current = first;
  }

  get current(): SigningKey {
    return this.#current;
  }

  /** Until when a key's tokens are valid, in milliseconds since 1970; -Infinity for an unknown key. */
  goodUntil(kid: string | undefined): number {
    if (kid === this.#current.kid) return Infinity;
    return this.#retired.find(({ key }) => key.kid === kid)?.until ?? -Infinity;
  }

  /** The key with this id, also if its tokens are valid no more. */
  known(kid: string | undefined): SigningKey | undefined {
    return [this.#current, ...this.#retired.map(({ key }) => key)].find((key) => key.kid === kid);
  }

  /** The key with this id, if its tokens are valid at a time in milliseconds since 1970. */
  find(kid: string | undefined, now: number): SigningKey | undefined {
    return this.#good(now).find((key) => key.kid === kid);
  }

  /** The public keys at a time in milliseconds since 1970 (RFC 7517 section 5). */
  jwks(now: number): JSONWebKeySet {
    return { keys: this.#good(now).map(({ jwk }) => jwk) };
  }

  /** Signs with another key from now on. The old one stays valid until a time in milliseconds since 1970. */
  rotate(next: SigningKey, until: number): void {
    this.changes += 1;
    this.#retired = [{ key: this.#current, until }, ...this.#retired].slice(0, mostRetired);
    this.#current = next;
  }

  /** All of them, the current one first, each with the time until which its tokens are valid. */
  all(): { key: SigningKey; until: number }[] {
    return [{ key: this.#current, until: Infinity }, ...this.#retired];
  }

  /** Takes others in their place, the current one first. */
  use([current, ...retired]: { key: SigningKey; until: number }[]): void {
    if (!current) return;
    this.changes += 1;
    this.#current = current.key;
    this.#retired = retired;
  }

  #good(now: number): SigningKey[] {
    return [this.#current, ...this.#retired.filter(({ until }) => now < until).map(({ key }) => key)];
  }
}

export async function makeSigningKey(): Promise<SigningKey> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return toSigningKey(privateKey);
}

/** The private key in PEM. */
export function pemOf({ privateKey }: SigningKey): string {
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Reads an RSA private key in PEM. @throws Error if it is none. */
export async function readSigningKey(pem: string): Promise<SigningKey> {
  const privateKey = createPrivateKey(pem);
  if (privateKey.asymmetricKeyType !== 'rsa') throw new Error(`It is a key of type ${privateKey.asymmetricKeyType}.`);
  return toSigningKey(privateKey);
}

async function toSigningKey(privateKey: KeyObject): Promise<SigningKey> {
  const publicKey = createPublicKey(privateKey);
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, privateKey, publicKey, jwk: { ...jwk, kid, alg: 'RS256', use: 'sig' } };
}
