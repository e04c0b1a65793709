import { webcrypto, X509Certificate } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, jest, test } from '@jest/globals';
import { createAuthority, type Authority } from '../../src/intercept/certificate-authority.ts';
import { run } from '../support/command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { shakeHands } from '../support/tls.ts';

const hosts = ['api.clinic.test', 'photos.clinic.test'];
const day = 86_400_000;
const now = Date.now;

/** What a client that trusts the authority makes of its certificate for a host. */
async function tried(authority: Authority, host: string): Promise<string> {
  return shakeHands(authority.certificate, host, await authority.leafFor(host));
}

describe('a client that trusts the authority', () => {
  test.each(hosts)('believes the certificate of %s', async (host) => {
    expect(await tried(await createAuthority({ hosts, now }), host)).toBe('trusted');
  });

  test.each([
    ['another host', 'api.elsewhere.test', 'permitted subtree violation'],
    ['a host whose name ends alike', 'evilapi.clinic.test', 'permitted subtree violation'],
    ['the domain above', 'clinic.test', 'permitted subtree violation'],
    ['this machine', 'localhost', 'permitted subtree violation'],
    ['an address', '127.0.0.1', 'excluded subtree violation'],
    ['an address of IPv6', '::1', 'excluded subtree violation'],
  ])('believes no certificate of %s', async (_name, host, code) => {
    expect(await tried(await createAuthority({ hosts, now }), host)).toBe(code);
  });

  test('believes the certificate of an address that is among the hosts, and of no other', async () => {
    const authority = await createAuthority({ hosts: ['127.0.0.1', 'api.clinic.test'], now });
    expect(await tried(authority, '127.0.0.1')).toBe('trusted');
    expect(await tried(authority, '127.0.0.2')).toBe('permitted subtree violation');
    expect(await tried(authority, '::1')).toBe('permitted subtree violation');
  });

  test('believes no name where all hosts are addresses', async () => {
    const authority = await createAuthority({ hosts: ['127.0.0.1'], now });
    expect(await tried(authority, 'api.clinic.test')).toBe('excluded subtree violation');
  });

  test('believes nothing where there are no hosts', async () => {
    const authority = await createAuthority({ hosts: [], now });
    expect(await tried(authority, 'api.clinic.test')).toBe('excluded subtree violation');
    expect(await tried(authority, '127.0.0.1')).toBe('excluded subtree violation');
  });

  test.each([
    ['two days before', -2.1, 'certificate is not yet valid'],
    ['a day before', -1, 'trusted'],
    ['a week later', 7, 'trusted'],
    ['two weeks later', 14.1, 'certificate has expired'],
  ])('whose clock is %s: %d days, says %s', async (_name, days, outcome) => {
    const authority = await createAuthority({ hosts, now: () => Date.now() - days * day });
    expect(await tried(authority, 'api.clinic.test')).toBe(outcome);
  });

  test.each([8, 30, 1000])('believes what it is shown %d days after the start of the process', async (days) => {
    let passed = 0;
    const authority = await createAuthority({ hosts, now: () => Date.now() - (days - passed) * day });
    expect(await tried(authority, 'api.clinic.test')).toBe(days < 14 ? 'trusted' : 'certificate has expired');
    passed = days;
    expect(await tried(authority, 'api.clinic.test')).toBe('trusted');
  });

  test('believes no authority that another one has made', async () => {
    const [one, other] = [await createAuthority({ hosts, now }), await createAuthority({ hosts, now })];
    const leaf = await other.leafFor('api.clinic.test');
    expect(await shakeHands(one.certificate, 'api.clinic.test', leaf)).not.toBe('trusted');
  });
});

describe('the authority', () => {
  test('says in its certificate what it is', async () => {
    const { ca, subject } = new X509Certificate((await createAuthority({ hosts, now })).certificate);
    expect({ ca, subject }).toEqual({ ca: true, subject: 'CN=arzamed-devkit mock (this process only)' });
  });

  test('keeps to the strict reading of RFC 5280 that Python demands since 3.13', async () => {
    const authority = await createAuthority({ hosts, now });
    const { certificate } = await authority.leafFor('api.clinic.test');
    await using folder = await temporaryFolder({ 'authority.pem': authority.certificate, 'leaf.pem': certificate });
    const args = ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', 'authority.pem', 'leaf.pem'];
    expect(await run('openssl', args, { cwd: folder.path })).toMatchObject({ code: 0, stdout: 'leaf.pem: OK\n' });
  });

  test('signs for no mail address, no URI, and nothing but servers', async () => {
    const { certificate } = await createAuthority({ hosts, now });
    await using folder = await temporaryFolder({ 'authority.pem': certificate });
    const { stdout } = await run('openssl', ['x509', '-in', 'authority.pem', '-noout', '-text'], { cwd: folder.path });
    expect(stdout).toMatch(/X509v3 Extended Key Usage: \n\s+TLS Web Server Authentication\n/);
    expect(stdout).toMatch(
      /Name Constraints: critical\n\s+Permitted:\n\s+DNS:api\.clinic\.test\n\s+DNS:photos\.clinic\.test\n\s+email:none\.invalid\n\s+URI:none\.invalid\n\s+Excluded:\n\s+IP:/,
    );
  });

  test('has another serial number each time', async () => {
    const authority = await createAuthority({ hosts, now });
    const pems = [
      authority.certificate,
      ...(await Promise.all(hosts.map((host) => authority.leafFor(host)))).map(({ certificate }) => certificate),
    ];
    const serials = pems.map((pem) => new X509Certificate(pem).serialNumber);
    expect(new Set(serials).size).toBe(3);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][\dA-F]{31}$/);
  });

  test('makes the certificate of a host once', async () => {
    const authority = await createAuthority({ hosts, now });
    const leaves = await Promise.all(Array.from({ length: 20 }, () => authority.leafFor('api.clinic.test')));
    expect(new Set(leaves).size).toBe(1);
  });

  test('has a key that WebCrypto does not let out', async () => {
    using made = jest.spyOn(webcrypto.subtle, 'generateKey');
    const authority = await createAuthority({ hosts, now });
    const pairs = await Promise.all(made.mock.results.map(async ({ value }) => Object(await value)));
    expect(pairs).toHaveLength(1);
    for (const { privateKey } of pairs) {
      await expect(webcrypto.subtle.exportKey('pkcs8', privateKey)).rejects.toThrow('not extractable');
    }
    expect(inspect(authority, { depth: Infinity, showHidden: true })).not.toMatch(/PRIVATE/);
  });

  test('writes to no disk', async () => {
    const module = JSON.stringify(new URL('../../src/intercept/certificate-authority.ts', import.meta.url).href);
    const script = `const { createAuthority } = await import(${module});
      const authority = await createAuthority({ hosts: ['api.clinic.test'], now: Date.now });
      console.log((await authority.leafFor('api.clinic.test')).certificate, process.permission.has('fs.write'));`;
    const args = ['--permission', '--allow-fs-read=*', '--input-type=module', '-e', script];
    const { stdout, stderr } = await run(process.execPath, args);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/-----END CERTIFICATE-----\n false$/m);
  });
});
