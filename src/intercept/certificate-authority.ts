import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { keyIdOf, signCertificate, type Period } from '../offline/authority/certificate.ts';
import { authorityExtensions, serverExtensions } from '../offline/authority/extensions.ts';
import { makeSigningKey } from '../offline/authority/signing-key.ts';

/** What a server shows to prove that it is a host, both in PEM. */
export interface Leaf {
  certificate: string;
  privateKey: string;
}

/** A certificate authority whose word is good for some hosts and one day, in the programs that were told of it. */
export interface Authority {
  /** Its own certificate, in PEM, for programs to trust. */
  readonly certificate: string;
  /** The hosts that it may sign for; programs believe it of no other. */
  readonly hosts: readonly string[];
  /** The certificate of a host: made when it is first asked for, and the same ever after. */
  leafFor(host: string): Promise<Leaf>;
}

interface AuthorityOptions {
  /** In small letters; addresses as they are, without brackets. */
  hosts: readonly string[];
  /** The time in milliseconds since 1970. */
  now: () => number;
}

const hour = 3_600_000;

const issuer = 'arzamed-devkit mock (this process only)';

/**
 * Makes a certificate authority. Its key is made here and never leaves the memory of this process. Its certificate is
 * good from an hour ago, for clocks that differ, until a day from now.
 */
export async function createAuthority({ hosts, now }: AuthorityOptions): Promise<Authority> {
  const [key, leafKey] = await Promise.all([makeSigningKey(), makeLeafKey()]);
  const start = now();
  const period: Period = { notBefore: new Date(start - hour), notAfter: new Date(start + 24 * hour) };
  const keyId = keyIdOf(key.publicKey);
  const extensions = authorityExtensions(hosts, keyId);
  const certificate = await signCertificate(
    { subject: issuer, issuer, period, publicKey: key.publicKey, extensions },
    key,
  );
  const makeLeaf = async (host: string): Promise<Leaf> => {
    const { publicKey, privateKey } = leafKey;
    const named = serverExtensions(host, keyIdOf(publicKey), keyId);
    const statement = { subject: 'arzamed-devkit mock', issuer, period, publicKey, extensions: named };
    return { certificate: await signCertificate(statement, key), privateKey };
  };
  const leaves = new Map<string, Promise<Leaf>>();
  const leafFor = (host: string): Promise<Leaf> => {
    const leaf = leaves.get(host) ?? makeLeaf(host);
    leaves.set(host, leaf);
    return leaf;
  };
  return { certificate, hosts, leafFor };
}

/** The key that all leaves share: TLS needs to read it, and it proves nothing without a certificate. */
async function makeLeafKey(): Promise<{ publicKey: ArrayBuffer; privateKey: string }> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { publicKey: Uint8Array.from(publicKey).buffer, privateKey };
}
