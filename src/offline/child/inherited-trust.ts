import { certificatesIn } from '../../intercept/child/pem.ts';
import { readIfThere } from './read-if-there.ts';

/** The variables by which somebody may have told programs to trust more, or others, than the system does. */
const inPlaceOfSystem = [
  'SSL_CERT_FILE',
  'NIX_SSL_CERT_FILE',
  'CURL_CA_BUNDLE',
  'REQUESTS_CA_BUNDLE',
  'HTTPLIB2_CA_CERTS',
  'PERL_LWP_SSL_CA_FILE',
  'AWS_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'CARGO_HTTP_CAINFO',
];
const inAddition = ['NODE_EXTRA_CA_CERTS', 'DENO_CERT'];

/** What was inherited of trust. */
export interface InheritedTrust {
  /** For the bundle: the certificates of all variables, in PEM. */
  certificates: string[];
  /** For those who add to their own: the certificates of the variables that do so, in PEM. */
  additions: string[];
  /** What could not be taken over, one sentence each. */
  notes: string[];
}

/** Reads the certificates that inherited variables name, in files or folders. */
export function inheritedTrust(inherited: Readonly<Record<string, string | undefined>>): InheritedTrust {
  const notes = new Set<string>();
  const read = (name: string): string[] => {
    const path = inherited[name] ?? '';
    if (path === '') return [];
    const text = readIfThere(path);
    if (text === undefined) notes.add(`${name} names ${path}, which cannot be read: its certificates are not trusted.`);
    return certificatesIn(text ?? '');
  };
  const additions = inAddition.flatMap(read);
  const certificates = new Set([...inPlaceOfSystem.flatMap(read), ...additions]);
  return { certificates: [...certificates], additions: [...new Set(additions)], notes: [...notes] };
}
