const begin = '-----BEGIN CERTIFICATE-----';
const end = '-----END CERTIFICATE-----';
const block = new RegExp(`${begin}([A-Za-z0-9+/=\\s]+)${end}`, 'g');

/** Characters of base64 in a line of PEM (RFC 7468 section 2). */
const lineLength = 64;

/** The certificates in a PEM text, each once, without what stands around them: comments, private keys, other blocks. */
export function certificatesIn(...texts: readonly string[]): string[] {
  const bodies = texts.flatMap((text) => [...text.matchAll(block)].map(([, body = '']) => body));
  // By way of the bytes: a system has some hundred of them, and to find white space by patterns takes ten times as long.
  return [...new Set(bodies.map((body) => Buffer.from(body, 'base64').toString('base64')))].map((body) => {
    const lines: string[] = [];
    for (let at = 0; at < body.length; at += lineLength) lines.push(body.slice(at, at + lineLength));
    return `${begin}\n${lines.join('\n')}\n${end}\n`;
  });
}

/** The bytes of a certificate in PEM, as `certificatesIn` gives it. */
export function derOf(certificate: string): Buffer {
  return Buffer.from(certificate.slice(begin.length, -end.length - 1), 'base64');
}
