import { sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { Key } from '../clinics/clinic.ts';
import type { Sandbox } from '../state/sandbox.ts';

/**
 * Signs a bearer token for a key, a JWT with RS256 (RFC 7519). Node signs off the main thread; Web Cryptography keeps
 * that thread busy twice as long.
 * @param issuedAt milliseconds since 1970.
 * @returns the token and its `jti`.
 */
export async function issueToken(
  sandbox: Sandbox,
  key: Key,
  scopes: readonly string[],
  issuedAt = sandbox.clock.now(),
): Promise<{ token: string; id: string }> {
  const { kid, privateKey } = sandbox.signingKeys.current;
  const iat = Math.floor(issuedAt / 1000);
  const id = sandbox.newId();
  const claims = {
    sub: key.clientId,
    ...sandbox.api.tokens.claims,
    scope: scopes.join(' '),
    auth_time: iat,
    iss: sandbox.issuer(key.clinic),
    exp: iat + sandbox.api.tokens.lifetime,
    iat,
    jti: id,
    client_id: key.clientId,
  };
  const text = `${encode({ kid, alg: 'RS256' })}.${encode(claims)}`;
  const signature = await signLater('sha256', Buffer.from(text), privateKey);
  return { token: `${text}.${signature.toString('base64url')}`, id };
}

const signLater = promisify(sign);

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
