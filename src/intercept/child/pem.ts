import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const begin = '-----BEGIN CERTIFICATE-----';
const end = '-----END CERTIFICATE-----';

/** The certificates in PEM texts, each once, without comments, private keys and other blocks. */
export function certificatesIn(...texts: readonly string[]): string[] {
  const certificates = texts.flatMap(blocksIn).map((body) => Buffer.from(body, 'base64'));
  return [...new Set(certificates.filter(isWhole).map((certificate) => certificate.toString('base64')))].map(toPem);
}

/** The bodies of the blocks. A pattern would take five times as long for the hundreds of a system. */
function blocksIn(text: string): string[] {
  const blocks: string[] = [];
  let rest = 0;
  for (let to = text.indexOf(end); to !== -1; to = text.indexOf(end, rest)) {
    const from = text.lastIndexOf(begin, to);
    if (from >= rest) blocks.push(text.slice(from + begin.length, to));
    rest = to + end.length;
  }
  return blocks;
}

/** Whether the bytes are one DER sequence of matching length. */
function isWhole(bytes: Buffer): boolean {
  if (bytes.length < 4 || bytes[0] !== 0x30) return false;
  if (bytes[1] === 0x81) return bytes[2] === bytes.length - 3;
  return bytes[1] === 0x82 && bytes.readUInt16BE(2) === bytes.length - 4;
}

/** Encodes with 64 characters per line (RFC 7468 section 2). */
function toPem(body: string): string {
  return `${begin}\n${body.replaceAll(/.{1,64}/g, '$&\n')}${end}\n`;
}

/** The DER bytes of a certificate from `certificatesIn`. */
export function derOf(certificate: string): Buffer {
  return Buffer.from(certificate.slice(begin.length, -end.length - 1), 'base64');
}

/** The text of a file, or of all files in a folder. */
export function readIfThere(path: string): string | undefined {
  try {
    if (!statSync(path).isDirectory()) return readFileSync(path, 'utf8');
    return readdirSync(path)
      .map((name) => join(path, name))
      .filter((each) => statSync(each, { throwIfNoEntry: false })?.isFile() === true)
      .map((each) => readIfThere(each) ?? '')
      .join('\n');
  } catch {
    return undefined;
  }
}
