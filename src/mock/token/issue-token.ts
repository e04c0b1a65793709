import { SignJWT } from 'jose';
import type { Key } from '../clinics/clinic.ts';
import type { Sandbox } from '../sandbox.ts';

/**
 * Signs a bearer token for a key.
 * @param scopes what the token allows.
 * @param issuedAt milliseconds since 1970; the sandbox's time unless given.
 */
export async function issueToken(
  sandbox: Sandbox,
  key: Key,
  scopes: readonly string[],
  issuedAt = sandbox.clock.now(),
): Promise<string> {
  const { kid, privateKey } = sandbox.signingKeys.current;
  const iat = Math.floor(issuedAt / 1000);
  const claims = {
    sub: key.clientId,
    ...sandbox.api.tokens.claims,
    scope: scopes.join(' '),
    auth_time: iat,
    iss: sandbox.issuer(key.clinic),
    exp: iat + sandbox.api.tokens.lifetime,
    iat,
    jti: sandbox.newId(),
    client_id: key.clientId,
  };
  return new SignJWT(claims).setProtectedHeader({ kid, alg: 'RS256' }).sign(privateKey);
}
