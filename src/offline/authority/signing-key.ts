import { webcrypto } from 'node:crypto';
import { ECDSASigValue } from '@peculiar/asn1-ecc';
import { AsnConvert } from '@peculiar/asn1-schema';

/** A key that signs, and is not shown. */
export interface SigningKey {
  /** The public half, as `SubjectPublicKeyInfo` in DER. */
  publicKey: ArrayBuffer;
  /** The signature of some bytes by ECDSA with SHA-256, in DER. */
  sign(bytes: ArrayBuffer): Promise<ArrayBuffer>;
}

/** Makes a key on P-256 that lives in this process alone; WebCrypto does not export it. */
export async function makeSigningKey(): Promise<SigningKey> {
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
