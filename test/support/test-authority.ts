import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from './temporary-folder.ts';

const openssl = (cwd: string, command: string, ...args: string[]) =>
  promisify(execFile)('openssl', [...command.split(' '), ...args], { cwd });

/** A certificate authority of a test, and a certificate for some hosts that it signed, all in PEM. */
export interface TestAuthority {
  authority: string;
  certificate: string;
  key: string;
}

const made = new Map<string, Promise<TestAuthority>>();

/** An authority that may sign for these hosts alone, and a certificate that it signed for them: the same each time. */
export function makeTestAuthority(hosts: readonly string[], name = 'Test authority'): Promise<TestAuthority> {
  const key = [name, ...hosts].join(' ');
  const authority = made.get(key) ?? makeAuthority(hosts, name);
  made.set(key, authority);
  return authority;
}

async function makeAuthority(hosts: readonly string[], name: string): Promise<TestAuthority> {
  await using folder = await temporaryFolder();
  const file = (each: string): string => join(folder.path, each);
  const names = hosts.map((host) => `DNS:${host}`).join(',');
  const permitted = hosts.map((host) => `permitted;DNS:${host}`).join(',');
  await writeFile(
    file('openssl.cnf'),
    `[req]\ndistinguished_name=dn\n[dn]\n[ca]\nbasicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign\n` +
      `subjectKeyIdentifier=hash\nnameConstraints=critical,${permitted}\n[leaf]\nbasicConstraints=CA:FALSE\n` +
      `subjectAltName=${names}\nextendedKeyUsage=serverAuth\nauthorityKeyIdentifier=keyid\n`,
  );
  const newKey = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config openssl.cnf';
  const self = `req -x509 ${newKey} -days 2 -extensions ca -keyout ca.key -out ca.pem -subj`;
  await openssl(folder.path, self, `/CN=${name}`);
  await openssl(folder.path, `req ${newKey} -keyout leaf.key -out leaf.csr -subj`, `/CN=${hosts[0]}`);
  const signed = 'x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out leaf.pem';
  await openssl(folder.path, `${signed} -extfile openssl.cnf -extensions leaf`);
  const [authority, certificate, leafKey] = await Promise.all(
    ['ca.pem', 'leaf.pem', 'leaf.key'].map((each) => readFile(file(each), 'utf8')),
  );
  return { authority: authority ?? '', certificate: certificate ?? '', key: leafKey ?? '' };
}
