import { codeOf, messageOf } from '../../spec/thrown.ts';

/** Why a program did not get through the TLS handshake, as the rest of "The program …". */
export function refusalOf(error: unknown): string {
  const code = codeOf(error) ?? '';
  const known = refusals.find(([pattern]) => pattern.test(code));
  return known ? known[1] : `failed in the handshake: ${messageOf(error)}`;
}

const refusals: readonly (readonly [RegExp, string])[] = [
  [/ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_\w+|UNSUPPORTED_CERTIFICATE)$/, 'does not trust the certificate'],
  [/NO_APPLICATION_PROTOCOL$/, 'speaks no HTTP/1.1'],
  [/^ERR_TLS_HANDSHAKE_TIMEOUT$/, 'did not finish the handshake in time'],
  [/^(ECONNRESET|EPIPE)$/, 'hung up during the handshake; it may not trust the certificate'],
];

/** All that is known where a program leaves between handshake and request: some look at the certificate only then. */
export const leftSilently = 'hung up after the handshake; it may not trust the certificate';
