import { createHash, generateKeyPair, randomBytes, webcrypto } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import { promisify } from 'node:util';
import { ECDSASigValue, ecdsaWithSHA256 } from '@peculiar/asn1-ecc';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_nameConstraints,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_serverAuth,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  NameConstraints,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';

/** What a server shows to prove that it is a host, both in PEM. */
interface Leaf {
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

/** From when to when a certificate is good. */
interface Period {
  notBefore: Date;
  notAfter: Date;
}

interface Statement {
  /** The common names of who is described, and of who says so. */
  subject: string;
  issuer: string;
  period: Period;
  /** The key of the subject, as `SubjectPublicKeyInfo` in DER. */
  publicKey: ArrayBuffer;
  extensions: readonly Extension[];
}

/** Signs a certificate (RFC 5280) with a serial number made by chance. Gives it in PEM. */
async function signCertificate(
  { subject, issuer, period, publicKey, extensions }: Statement,
  key: SigningKey,
): Promise<string> {
  const statement = new TBSCertificate({
    version: Version.v3,
    serialNumber: newSerialNumber(),
    signature: ecdsaWithSHA256,
    issuer: named(issuer),
    validity: new Validity(period),
    subject: named(subject),
    subjectPublicKeyInfo: AsnConvert.parse(publicKey, SubjectPublicKeyInfo),
    extensions: new Extensions([...extensions]),
  });
  const certificate = new Certificate({
    tbsCertificate: statement,
    signatureAlgorithm: ecdsaWithSHA256,
    signatureValue: await key.sign(AsnConvert.serialize(statement)),
  });
  const text = Buffer.from(AsnConvert.serialize(certificate)).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${text.replaceAll(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`;
}

/** The usual name of a key within certificates (RFC 5280 section 4.2.1.2, the first way). */
function keyIdOf(publicKey: ArrayBuffer): ArrayBuffer {
  const { subjectPublicKey } = AsnConvert.parse(publicKey, SubjectPublicKeyInfo);
  return Uint8Array.from(createHash('sha1').update(new Uint8Array(subjectPublicKey)).digest()).buffer;
}

/** A positive number of 16 bytes. */
function newSerialNumber(): ArrayBuffer {
  const [first = 0, ...others] = randomBytes(16);
  return Uint8Array.from([(first & 0x3f) | 0x40, ...others]).buffer;
}

const commonName = '2.5.4.3';

function named(text: string): Name {
  const value = new AttributeValue({ utf8String: text });
  return new Name([new RelativeDistinguishedName([new AttributeTypeAndValue({ type: commonName, value })])]);
}

/** What makes a certificate that of an authority which may sign for some hosts, and for nothing else. */
function authorityExtensions(hosts: readonly string[], keyId: ArrayBuffer): Extension[] {
  return [
    critical(id_ce_basicConstraints, new BasicConstraints({ cA: true, pathLenConstraint: 0 })),
    critical(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.keyCertSign)),
    critical(id_ce_nameConstraints, constraintsTo(hosts)),
    extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(keyId)),
  ];
}

/** What makes a certificate that of a server for one host. */
function serverExtensions(host: string, keyId: ArrayBuffer, authorityKeyId: ArrayBuffer): Extension[] {
  return [
    critical(id_ce_basicConstraints, new BasicConstraints({ cA: false })),
    critical(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.digitalSignature)),
    extension(id_ce_extKeyUsage, new ExtendedKeyUsage([id_kp_serverAuth])),
    extension(id_ce_subjectAltName, new SubjectAlternativeName([nameOf(host)])),
    extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(keyId)),
    extension(
      id_ce_authorityKeyIdentifier,
      new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(authorityKeyId) }),
    ),
  ];
}

/**
 * A list of permitted names says nothing of names of another kind (RFC 5280 section 4.2.1.10), so the kinds of which
 * nothing is permitted are excluded as a whole.
 */
function constraintsTo(hosts: readonly string[]): NameConstraints {
  const addresses = hosts.filter((host) => isAddress(host));
  const excluded = [
    ...(addresses.length === hosts.length ? [new GeneralName({ dNSName: '' })] : []),
    ...(addresses.some((host) => isIPv4(host)) ? [] : [new GeneralName({ iPAddress: '0.0.0.0/0' })]),
    ...(addresses.some((host) => isIPv6(host)) ? [] : [new GeneralName({ iPAddress: '::/0' })]),
  ];
  const permitted = hosts.map((host) =>
    isAddress(host) ? new GeneralName({ iPAddress: `${host}/${isIPv4(host) ? 32 : 128}` }) : nameOf(host),
  );
  return new NameConstraints({
    ...(permitted.length > 0 ? { permittedSubtrees: subtrees(permitted) } : {}),
    ...(excluded.length > 0 ? { excludedSubtrees: subtrees(excluded) } : {}),
  });
}

function subtrees(names: readonly GeneralName[]): GeneralSubtrees {
  return new GeneralSubtrees(names.map((base) => new GeneralSubtree({ base })));
}

function nameOf(host: string): GeneralName {
  return new GeneralName(isAddress(host) ? { iPAddress: host } : { dNSName: host });
}

function isAddress(host: string): boolean {
  return isIPv4(host) || isIPv6(host);
}

function critical(id: string, value: object): Extension {
  return new Extension({ extnID: id, critical: true, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

function extension(id: string, value: object): Extension {
  return new Extension({ extnID: id, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

/** A key that signs, and is not shown. */
interface SigningKey {
  /** The public half, as `SubjectPublicKeyInfo` in DER. */
  publicKey: ArrayBuffer;
  /** The signature of some bytes by ECDSA with SHA-256, in DER. */
  sign(bytes: ArrayBuffer): Promise<ArrayBuffer>;
}

/** Makes a key on P-256 that lives in this process alone; WebCrypto does not export it. */
async function makeSigningKey(): Promise<SigningKey> {
  const { subtle } = webcrypto;
  const { privateKey, publicKey } = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
  const sign = async (bytes: ArrayBuffer): Promise<ArrayBuffer> => {
    const signature = await subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, bytes);
    // WebCrypto gives two numbers of one length side by side; certificates have them as a sequence.
    const half = signature.byteLength / 2;
    const value = { r: integer(signature.slice(0, half)), s: integer(signature.slice(half)) };
    return AsnConvert.serialize(new ECDSASigValue(value));
  };
  return { publicKey: await subtle.exportKey('spki', publicKey), sign };
}

/** A number as DER has it: no zero in front but the one that keeps it from being negative. */
function integer(bytes: ArrayBuffer): ArrayBuffer {
  const digits = [...new Uint8Array(bytes)];
  const first = digits.findIndex((digit) => digit !== 0);
  const significant = digits.slice(first);
  return Uint8Array.from((significant[0] ?? 0) > 127 ? [0, ...significant] : significant).buffer;
}
