import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const begin = '-----BEGIN CERTIFICATE-----';
const end = '-----END CERTIFICATE-----';

/** Characters of base64 in a line of PEM (RFC 7468 section 2). */
const lineLength = 64;

/** The certificates in a PEM text, each once, without what stands around them: comments, private keys, other blocks. */
export function certificatesIn(...texts: readonly string[]): string[] {
  const certificates = texts.flatMap(blocksIn).map((body) => Buffer.from(body, 'base64'));
  return [...new Set(certificates.filter(isWhole).map((certificate) => certificate.toString('base64')))].map(toPem);
}

/** What stands between the marks. Found without a pattern, which takes five times as long with the hundreds of a system. */
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

/** Whether bytes are one sequence in DER, as a certificate is: a tag, a length of one byte or two, and so many bytes. */
function isWhole(bytes: Buffer): boolean {
  if (bytes.length < 4 || bytes[0] !== 0x30) return false;
  if (bytes[1] === 0x81) return bytes[2] === bytes.length - 3;
  return bytes[1] === 0x82 && bytes.readUInt16BE(2) === bytes.length - 4;
}

function toPem(body: string): string {
  const lines: string[] = [];
  for (let at = 0; at < body.length; at += lineLength) lines.push(body.slice(at, at + lineLength));
  return `${begin}\n${lines.join('\n')}\n${end}\n`;
}

/** The bytes of a certificate in PEM, as `certificatesIn` gives it. */
export function derOf(certificate: string): Buffer {
  return Buffer.from(certificate.slice(begin.length, -end.length - 1), 'base64');
}

/** The text of a file, or of all files of a folder; undefined if it cannot be read. */
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
