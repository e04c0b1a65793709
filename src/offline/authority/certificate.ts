import { createHash, randomBytes } from 'node:crypto';
import { ecdsaWithSHA256 } from '@peculiar/asn1-ecc';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  AttributeTypeAndValue,
  AttributeValue,
  Certificate,
  Extensions,
  Name,
  RelativeDistinguishedName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
  type Extension,
} from '@peculiar/asn1-x509';
import type { SigningKey } from './signing-key.ts';

/** From when to when a certificate is good. */
export interface Period {
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
export async function signCertificate(
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
export function keyIdOf(publicKey: ArrayBuffer): ArrayBuffer {
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
