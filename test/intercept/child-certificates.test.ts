// What of a PEM text is taken for a certificate: all else must not get to where programs look for whom to trust.
import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { expect, test } from '@jest/globals';
import { certificatesIn, derOf } from '../../src/intercept/child/pem.ts';

/** In lines of 64 characters, as RFC 7468 has it; Node's own are longer. */
const roots = rootCertificates.map((root) => `${new X509Certificate(root).toString().trim()}\n`);
const [one = '', two = ''] = roots;
const end = '-----END CERTIFICATE-----';

test('each certificate of a long list is found, to the letter', () => {
  expect(certificatesIn(rootCertificates.join('\n'))).toEqual(roots);
});

test('a certificate comes once, however its lines are broken', () => {
  const wide = one.replaceAll(/(?<=[\w+/=])\n(?=[\w+/=])/g, '');
  expect(certificatesIn(`${one}${two}`, wide, one.replaceAll('\n', '\r\n'))).toEqual([one, two]);
});

test('comments, keys and blocks that hold no certificate are left out', () => {
  const key = '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n';
  const cut = one.replace(/\n.*\n(?=-----END)/, '\n');
  const text = one.replace(/(?<=-----\n).*/s, `no base64 at all\n${end}\n`);
  expect(certificatesIn(`# roots\n${key}${cut}${text}${two}`)).toEqual([two]);
});

test('an end without its beginning hides nothing', () => {
  expect(certificatesIn(`${end}\n${one}${end}\n${two}`)).toEqual([one, two]);
});

test('the bytes of a certificate are those of its text', () => {
  expect(derOf(one).toString('base64')).toBe(one.replaceAll(/-----[^-]+-----|\s/g, ''));
});
