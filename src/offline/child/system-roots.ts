import * as tls from 'node:tls';
import { certificatesIn } from '../../intercept/child/pem.ts';
import { readIfThere } from './read-if-there.ts';

/** Where systems keep the certificates they trust, in one file; the first that there is counts. As Go's crypto/x509 has it. */
const locations = [
  '/etc/ssl/certs/ca-certificates.crt', // Debian, Ubuntu, Gentoo, Arch, Alpine
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem', // Fedora, RHEL
  '/etc/pki/tls/certs/ca-bundle.crt', // Fedora, RHEL, older
  '/etc/ssl/ca-bundle.pem', // openSUSE
  '/etc/ssl/cert.pem', // macOS, Alpine, the BSDs
];

/**
 * The certificates that this system trusts, in PEM; where there is no such file, those of the system as Node finds them, or
 * those that came with Node.
 */
export function systemRoots(files: readonly string[] = locations): string[] {
  for (const file of files) {
    const certificates = certificatesIn(readIfThere(file) ?? '');
    if (certificates.length > 0) return certificates;
  }
  // Node before 22.15 has no such function.
  const ofSystem = 'getCACertificates' in tls ? tls.getCACertificates('system') : [];
  return certificatesIn(...ofSystem, ...tls.rootCertificates);
}
