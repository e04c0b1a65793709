import { derOf } from './pem.ts';

const data = '1.2.840.113549.1.7.1';
const certificateBag = '1.2.840.113549.1.12.10.1.3';
const x509 = '1.2.840.113549.1.9.22.1';
const friendlyName = '1.2.840.113549.1.9.20';
/** Java only trusts certificates with this attribute. */
const trustedKeyUsage = '2.16.840.1.113894.746875.1.1';
const anyUsage = '2.5.29.37.0';

/**
 * A trust store for Java in PKCS 12 (RFC 7292), neither encrypted nor signed: Java reads it with any password, or none.
 * @param certificates in PEM, one each.
 */
export function javaTrustStore(certificates: readonly string[]): Buffer {
  const kind = identifier(x509);
  const bag = identifier(certificateBag);
  const usage = attribute(trustedKeyUsage, identifier(anyUsage));
  const bags = certificates.map((certificate, at) => {
    const content = sequence(kind, tagged(octets(derOf(certificate))));
    const name = der(0x1e, Buffer.from(`trusted-${at}`, 'utf16le').swap16());
    return sequence(bag, tagged(content), set(attribute(friendlyName, name), usage));
  });
  const version = der(0x02, Buffer.from([3]));
  return sequence(version, contentInfo(sequence(contentInfo(sequence(...bags)))));
}

function contentInfo(content: Buffer): Buffer {
  return sequence(identifier(data), tagged(octets(content)));
}

function attribute(type: string, value: Buffer): Buffer {
  return sequence(identifier(type), set(value));
}

/** A DER element: tag, length and content. */
function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const length = contents.reduce((sum, content) => sum + content.length, 0);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(length)]), ...contents]);
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

const sequence = (...contents: readonly Uint8Array[]): Buffer => der(0x30, ...contents);
const set = (...contents: readonly Uint8Array[]): Buffer => der(0x31, ...contents);
const octets = (...contents: readonly Uint8Array[]): Buffer => der(0x04, ...contents);
/** `[0] EXPLICIT` */
const tagged = (...contents: readonly Uint8Array[]): Buffer => der(0xa0, ...contents);

/** An object identifier, such as `1.2.840.113549.1.7.1`. */
function identifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number);
  return der(0x06, Buffer.from([first * 40 + second, ...others.flatMap(base128)]));
}

function base128(value: number): number[] {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift(0x80 | (rest % 128));
  return bytes;
}
