import { readFile } from 'node:fs/promises';
import { displayPath } from '../spec/display-path.ts';
import { Problem } from '../util/errors.ts';
import { messageOf } from '../spec/thrown.ts';
import { makeSigningKey, readSigningKey, type SigningKey } from './state/signing-keys.ts';

/**
 * The key of a PEM file, or a new one where none is named.
 * @throws Problem if the file cannot be read, or holds no RSA private key.
 */
export async function loadSigningKey(file: string | undefined): Promise<SigningKey> {
  if (file === undefined) return makeSigningKey();
  try {
    return await readSigningKey(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Problem(
      {
        code: 'signing_key_unusable',
        what: 'The signing key cannot be used.',
        where: displayPath(file),
        facts: { expected: 'an RSA private key in PEM', reason: messageOf(error) },
        remedy: 'Name such a file with --signing-key FILE, or leave the option out to have a new key made.',
      },
      { cause: error },
    );
  }
}
