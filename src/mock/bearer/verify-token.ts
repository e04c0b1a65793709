import { errors, jwtVerify, type JWTPayload } from 'jose';
import { keyStatus, type Key } from '../clinics/clinic.ts';
import type { Sandbox } from '../sandbox.ts';
import { insufficientScope, refusals, type Refusal } from './refusal.ts';

/** What a bearer token turned out to be. */
export type Verdict = { key: Key } | { refusal: Refusal };

/**
 * Judges the `Authorization` header of a request: signature, issuer, expiry, scope, then what became of the key.
 * @param scopes what the operation asks for.
 */
export async function verifyToken(
  sandbox: Sandbox,
  authorization: string | undefined,
  scopes: readonly string[],
): Promise<Verdict> {
  const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) {
    return { refusal: /^Bearer\b/i.test(authorization ?? '') ? refusals.invalid_token : refusals.missing_token };
  }
  const payload = await readPayload(sandbox, token);
  if ('refusal' in payload) return payload;
  const { scope, client_id: clientId, iss } = payload.claims;
  const granted = typeof scope === 'string' ? scope.split(' ') : [];
  if (scopes.some((needed) => !granted.includes(needed))) return { refusal: insufficientScope(scopes) };
  const key = typeof clientId === 'string' ? sandbox.keys.get(clientId) : undefined;
  if (!key) return { refusal: refusals.unknown_key };
  if (iss !== sandbox.issuer(key.clinic)) return { refusal: refusals.invalid_token };
  const status = keyStatus(key, sandbox.now());
  return status === 'active' ? { key } : { refusal: refusals[`${status}_key`] };
}

async function readPayload(sandbox: Sandbox, token: string): Promise<{ claims: JWTPayload } | { refusal: Refusal }> {
  const { kid, publicKey } = sandbox.signingKeys;
  try {
    const { payload, protectedHeader } = await jwtVerify(token, publicKey, {
      algorithms: ['RS256'],
      issuer: [...sandbox.clinics.keys()].map((clinic) => sandbox.issuer(clinic)),
      requiredClaims: ['exp'],
      currentDate: new Date(sandbox.now()),
    });
    return protectedHeader.kid === kid ? { claims: payload } : { refusal: refusals.invalid_token };
  } catch (error) {
    if (error instanceof errors.JWTExpired) return { refusal: refusals.expired_token };
    if (error instanceof errors.JOSEError) return { refusal: refusals.invalid_token };
    throw error;
  }
}
