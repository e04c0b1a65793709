import { certificatesIn } from './pem.ts';
import type { InheritedTrust } from '../../offline/child/inherited-trust.ts';
import { javaTrustStore } from './java-trust-store.ts';
import type { PrivateFolder } from './private-directory.ts';
import { readIfThere } from '../../offline/child/read-if-there.ts';
import { systemRoots } from '../../offline/child/system-roots.ts';

/** The paths of what tells programs whom to trust. */
export interface TrustFiles {
  /** All that is trusted, in PEM. */
  bundle: string;
  /** What is trusted beyond the system's roots, in PEM. */
  additions: string;
  /** The bundle as Java reads it. */
  java: string;
  /** A folder with a file of settings for PHP. */
  php: string;
  /** The settings of wget, with the bundle. */
  wgetrc: string;
}

/**
 * Writes them. Only certificates get there: whatever else stands in the texts, such as a private key, is left out.
 * @param authority the certificate of the authority that signs for the mock, in PEM.
 * @param wgetrc the settings of the system for wget, which a program would have read otherwise.
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
  folder.write('php/arzamed.ini', `openssl.cafile="${bundle}"\ncurl.cainfo="${bundle}"\n`);
  return {
    bundle,
    additions: folder.write('additions.pem', [...new Set([...additions, ...own])].join('')),
    java: folder.write('trust.p12', javaTrustStore(all)),
    php: folder.pathOf('php'),
    wgetrc: folder.write('wgetrc', `${readIfThere(wgetrc) ?? ''}\nca_certificate = ${bundle}\n`),
  };
}
