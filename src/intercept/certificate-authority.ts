import { createHash, generateKeyPair, randomBytes, webcrypto } from 'node:crypto';
import { isIP, isIPv4, isIPv6 } from 'node:net';
import { promisify } from 'node:util';
import { ECDSASigValue, ecdsaWithSHA256 } from '@peculiar/asn1-ecc';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import * as x509 from '@peculiar/asn1-x509';

/** A server's certificate and key, in PEM. */
interface Leaf {
  certificate: string;
  privateKey: string;
}

/** A certificate authority for some hosts, as long as the process runs. */
export interface Authority {
  /** Its own certificate, in PEM. */
  readonly certificate: string;
  /** The hosts that it may sign for, by its name constraints. */
  readonly hosts: readonly string[];
  /** The certificate of a host, made on first use and anew when half of its time is over. */
  leafFor(host: string): Promise<Leaf>;
}

const day = 86_400_000;
/** Programs may run with another clock. */
const leeway = 2 * day;
const leafLifetime = 14 * day;
/** The authority may be valid for long, since its key is lost when the process ends. Server certificates expire much earlier. */
const ownLifetime = 3650 * day;

const issuer = 'arzamed-devkit mock (this process only)';

/**
 * Makes a certificate authority whose key never leaves this process.
 * @param options hosts in lower case, IPv6 addresses without brackets; the time in milliseconds since 1970.
 */
export async function createAuthority({
  hosts,
  now,
}: {
  hosts: readonly string[];
  now: () => number;
}): Promise<Authority> {
  const [key, leafKey] = await Promise.all([makeSigningKey(), makeLeafKey()]);
  const periodOf = (lifetime: number): Statement['period'] => ({
    notBefore: new Date(now() - leeway),
    notAfter: new Date(now() + lifetime),
  });
  const keyId = keyIdOf(key.publicKey);
  const extensions = authorityExtensions(hosts, keyId);
  const period = periodOf(ownLifetime);
  const certificate = await signCertificate({ subject: issuer, period, publicKey: key.publicKey, extensions }, key);
  const makeLeaf = async (host: string): Promise<Leaf> => {
    const { publicKey, privateKey } = leafKey;
    const own = serverExtensions(host, keyIdOf(publicKey), keyId);
    const statement = { subject: 'arzamed-devkit mock', period: periodOf(leafLifetime), publicKey, extensions: own };
    return { certificate: await signCertificate(statement, key), privateKey };
  };
  const leaves = new Map<string, { leaf: Promise<Leaf>; made: number }>();
  const leafFor = (host: string): Promise<Leaf> => {
    const known = leaves.get(host);
    // A clock may also be set back.
    if (known && Math.abs(now() - known.made) < leafLifetime / 2) return known.leaf;
    const leaf = makeLeaf(host);
    leaves.set(host, { leaf, made: now() });
    return leaf;
  };
  return { certificate, hosts, leafFor };
}

/** The key of all servers. TLS needs it exported; without a certificate it proves nothing. */
async function makeLeafKey(): Promise<{ publicKey: ArrayBuffer; privateKey: string }> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { publicKey: Uint8Array.from(publicKey).buffer, privateKey };
}

interface Statement {
  /** Common name of the subject. */
  subject: string;
  period: { notBefore: Date; notAfter: Date };
  /** `SubjectPublicKeyInfo` in DER. */
  publicKey: ArrayBuffer;
  extensions: readonly x509.Extension[];
}

/** Signs a certificate (RFC 5280) with a random serial number. @returns it in PEM. */
async function signCertificate(
  { subject, period, publicKey, extensions }: Statement,
  key: SigningKey,
): Promise<string> {
  // A positive number of 16 bytes.
  const [first = 0, ...others] = randomBytes(16);
  const statement = new x509.TBSCertificate({
    version: x509.Version.v3,
    serialNumber: Uint8Array.from([(first & 0x3f) | 0x40, ...others]).buffer,
    signature: ecdsaWithSHA256,
    issuer: named(issuer),
    validity: new x509.Validity(period),
    subject: named(subject),
    subjectPublicKeyInfo: AsnConvert.parse(publicKey, x509.SubjectPublicKeyInfo),
    extensions: new x509.Extensions([...extensions]),
  });
  const certificate = new x509.Certificate({
    tbsCertificate: statement,
    signatureAlgorithm: ecdsaWithSHA256,
    signatureValue: await key.sign(AsnConvert.serialize(statement)),
  });
  const text = Buffer.from(AsnConvert.serialize(certificate)).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${text.replaceAll(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`;
}

/** Key identifier (RFC 5280 section 4.2.1.2, method 1). */
function keyIdOf(publicKey: ArrayBuffer): ArrayBuffer {
  const { subjectPublicKey } = AsnConvert.parse(publicKey, x509.SubjectPublicKeyInfo);
  return Uint8Array.from(createHash('sha1').update(new Uint8Array(subjectPublicKey)).digest()).buffer;
}

function named(commonName: string): x509.Name {
  const value = new x509.AttributeValue({ utf8String: commonName });
  return new x509.Name([
    new x509.RelativeDistinguishedName([new x509.AttributeTypeAndValue({ type: '2.5.4.3', value })]),
  ]);
}

function authorityExtensions(hosts: readonly string[], keyId: ArrayBuffer): x509.Extension[] {
  return [
    critical(x509.id_ce_basicConstraints, new x509.BasicConstraints({ cA: true, pathLenConstraint: 0 })),
    critical(x509.id_ce_keyUsage, new x509.KeyUsage(x509.KeyUsageFlags.keyCertSign)),
    critical(x509.id_ce_nameConstraints, constraintsTo(hosts)),
    extension(x509.id_ce_extKeyUsage, new x509.ExtendedKeyUsage([x509.id_kp_serverAuth])),
    extension(x509.id_ce_subjectKeyIdentifier, new x509.SubjectKeyIdentifier(keyId)),
  ];
}

function serverExtensions(host: string, keyId: ArrayBuffer, authorityKeyId: ArrayBuffer): x509.Extension[] {
  return [
    critical(x509.id_ce_basicConstraints, new x509.BasicConstraints({ cA: false })),
    critical(x509.id_ce_keyUsage, new x509.KeyUsage(x509.KeyUsageFlags.digitalSignature)),
    extension(x509.id_ce_extKeyUsage, new x509.ExtendedKeyUsage([x509.id_kp_serverAuth])),
    extension(x509.id_ce_subjectAltName, new x509.SubjectAlternativeName([nameOf(host)])),
    extension(x509.id_ce_subjectKeyIdentifier, new x509.SubjectKeyIdentifier(keyId)),
    extension(
      x509.id_ce_authorityKeyIdentifier,
      new x509.AuthorityKeyIdentifier({ keyIdentifier: new x509.KeyIdentifier(authorityKeyId) }),
    ),
  ];
}

/**
 * Permitted names of one kind do not restrict the other kinds (RFC 5280 section 4.2.1.10): kinds without a permitted name
 * are excluded as a whole, mail addresses and URIs by permitting only a host that cannot exist (RFC 6761 section 6.4).
 * Constraints of directory names are left out: Go refuses certificates that have them.
 */
function constraintsTo(hosts: readonly string[]): x509.NameConstraints {
  const addresses = hosts.filter((host) => isIP(host) > 0);
  const excluded = [
    ...(addresses.length === hosts.length ? [new x509.GeneralName({ dNSName: '' })] : []),
    ...(addresses.some((host) => isIPv4(host)) ? [] : [new x509.GeneralName({ iPAddress: '0.0.0.0/0' })]),
    ...(addresses.some((host) => isIPv6(host)) ? [] : [new x509.GeneralName({ iPAddress: '::/0' })]),
  ];
  const permitted = hosts.map((host) =>
    isIP(host) > 0 ? new x509.GeneralName({ iPAddress: `${host}/${isIPv4(host) ? 32 : 128}` }) : nameOf(host),
  );
  return new x509.NameConstraints({
    permittedSubtrees: subtrees([...permitted, ...nowhere]),
    ...(excluded.length > 0 ? { excludedSubtrees: subtrees(excluded) } : {}),
  });
}

const nowhere = [
  new x509.GeneralName({ rfc822Name: 'none.invalid' }),
  new x509.GeneralName({ uniformResourceIdentifier: 'none.invalid' }),
];

function subtrees(names: readonly x509.GeneralName[]): x509.GeneralSubtrees {
  return new x509.GeneralSubtrees(names.map((base) => new x509.GeneralSubtree({ base })));
}

function nameOf(host: string): x509.GeneralName {
  return new x509.GeneralName(isIP(host) > 0 ? { iPAddress: host } : { dNSName: host });
}

function critical(id: string, value: object): x509.Extension {
  return extension(id, value, true);
}

function extension(id: string, value: object, isCritical = false): x509.Extension {
  const extnValue = new OctetString(AsnConvert.serialize(value));
  return new x509.Extension({ extnID: id, critical: isCritical, extnValue });
}

interface SigningKey {
  /** `SubjectPublicKeyInfo` in DER. */
  publicKey: ArrayBuffer;
  /** @returns the signature by ECDSA with SHA-256, in DER. */
  sign(bytes: ArrayBuffer): Promise<ArrayBuffer>;
}

/** Makes a P-256 key that cannot be exported from WebCrypto. */
async function makeSigningKey(): Promise<SigningKey> {
  const { subtle } = webcrypto;
  const { privateKey, publicKey } = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
  const sign = async (bytes: ArrayBuffer): Promise<ArrayBuffer> => {
    const signature = await subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, bytes);
    // WebCrypto concatenates two numbers of equal length; certificates need a sequence.
    const half = signature.byteLength / 2;
    const value = { r: integer(signature.slice(0, half)), s: integer(signature.slice(half)) };
    return AsnConvert.serialize(new ECDSASigValue(value));
  };
  return { publicKey: await subtle.exportKey('spki', publicKey), sign };
}

/** A positive number in DER: no leading zero but one that prevents a negative number. */
function integer(bytes: ArrayBuffer): ArrayBuffer {
  const digits = [...new Uint8Array(bytes)];
  const significant = digits.slice(digits.findIndex((digit) => digit !== 0));
  return Uint8Array.from((significant[0] ?? 0) > 127 ? [0, ...significant] : significant).buffer;
}
