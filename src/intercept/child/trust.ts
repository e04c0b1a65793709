import * as tls from 'node:tls';
import { javaTrustStore } from './java-trust-store.ts';
import { certificatesIn, readIfThere } from './pem.ts';
import type { PrivateFolder } from './private-directory.ts';

/** Paths. */
export interface TrustFiles {
  /** All trusted certificates, in PEM. */
  bundle: string;
  /** Those beyond the system's roots, in PEM. */
  additions: string;
  /** The bundle as a Java trust store. */
  java: string;
  wgetrc: string;
}

/**
 * Writes the certificates, and nothing else of the given texts, such as a private key.
 * @param authority the certificate of the mock's authority, in PEM.
 * @param wgetrc the system's settings for wget, which ours replace.
 */
export function writeTrustFiles(
  folder: PrivateFolder,
  authority: string,
  { certificates, additions }: InheritedTrust,
  wgetrc = '/etc/wgetrc',
): TrustFiles {
  const own = certificatesIn(authority);
  const all = [...new Set([...systemRoots(), ...certificates, ...own])];
  const bundle = folder.write('trust.pem', all.join(''));
  return {
    bundle,
    additions: folder.write('additions.pem', [...new Set([...additions, ...own])].join('')),
    java: folder.write('trust.p12', javaTrustStore(all)),
    wgetrc: folder.write('wgetrc', `${readIfThere(wgetrc) ?? ''}\nca_certificate = ${bundle}\n`),
  };
}

interface InheritedTrust {
  /** The certificates of all variables, in PEM. */
  certificates: string[];
  /** The certificates of variables that add to a program's own, in PEM. */
  additions: string[];
  /** Which variables could not be read, one sentence each. */
  notes: string[];
}

/** Reads the certificates that inherited variables name, in files or folders. */
export function inheritedTrust(
  inherited: Readonly<Record<string, string | undefined>>,
  names: Record<'bundle' | 'additions', readonly string[]>,
): InheritedTrust {
  const notes = new Set<string>();
  const read = (name: string): string[] => {
    const path = inherited[name] ?? '';
    if (path === '') return [];
    const text = readIfThere(path);
    if (text === undefined) notes.add(`${name} names ${path}, which cannot be read: its certificates are not trusted.`);
    return certificatesIn(text ?? '');
  };
  const additions = names.additions.flatMap(read);
  const certificates = new Set([...names.bundle.flatMap(read), ...additions]);
  return { certificates: [...certificates], additions: [...new Set(additions)], notes: [...notes] };
}

/** Where systems keep their trusted certificates, as in Go's crypto/x509; the first existing file counts. */
const locations = [
  '/etc/ssl/certs/ca-certificates.crt', // Debian, Ubuntu, Gentoo, Arch, Alpine
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem', // Fedora, RHEL
  '/etc/pki/tls/certs/ca-bundle.crt', // Fedora, RHEL, older
  '/etc/ssl/ca-bundle.pem', // openSUSE
  '/etc/ssl/cert.pem', // macOS, Alpine, the BSDs
];

/** The certificates that this system trusts, in PEM; without such a file, those that Node finds or bundles. */
export function systemRoots(files: readonly string[] = locations): string[] {
  for (const file of files) {
    const certificates = certificatesIn(readIfThere(file) ?? '');
    if (certificates.length > 0) return certificates;
  }
  // Node before 22.15 has no such function.
  const ofSystem = 'getCACertificates' in tls ? tls.getCACertificates('system') : [];
  return certificatesIn(...ofSystem, ...tls.rootCertificates);
}
