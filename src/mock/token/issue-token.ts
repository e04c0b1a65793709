import { sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { Key } from '../clinics/clinic.ts';
import type { Sandbox } from '../state/sandbox.ts';

export interface IssuedToken {
  token: string;
  /** Its `jti`. */
  id: string;
}

/**
 * Signs a bearer token for a key, a JWT with RS256 (RFC 7519, RFC 7518 section 3.3). By Node itself, off the main thread: a
 * library that goes through Web Cryptography keeps that thread twice as long.
 * @param scopes what the token allows.
 * @param issuedAt milliseconds since 1970; the sandbox's time unless given.
 */
export async function issueToken(
  sandbox: Sandbox,
  key: Key,
  scopes: readonly string[],
  issuedAt = sandbox.clock.now(),
): Promise<IssuedToken> {
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
