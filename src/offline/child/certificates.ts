const block = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;

/** The certificates in a PEM text, each once, without what stands around them: comments, private keys, other blocks. */
export function certificatesIn(...texts: readonly string[]): string[] {
  const bodies = texts.flatMap((text) => [...text.matchAll(block)].map(([, body = '']) => body.replaceAll(/\s/g, '')));
  return [...new Set(bodies)].map((body) => {
    const lines = body.match(/.{1,64}/g) ?? [];
    return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
  });
}

/** The bytes of a certificate in PEM. */
export function derOf(certificate: string): Buffer {
  return Buffer.from(certificate.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
}
