import type { KeyObject } from 'node:crypto';
import { decodeJwt, errors, jwtVerify, type JWTPayload } from 'jose';
import { fillTemplate } from '../../openapi/path-template.ts';
import type { Key } from '../clinics/clinic.ts';
import { paths } from '../routing/paths.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { insufficientScope, refusals, type Refusal } from './refusals.ts';
import { isStillGood, type VerifiedToken } from './verified-tokens.ts';

/** What a bearer token turned out to be. */
type Verdict = { key: Key } | { refusal: Refusal };

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
  const { client_id: clientId, iss } = payload.claims;
  const granted = scopesOf(payload.claims);
  if (scopes.some((needed) => !granted.includes(needed))) return { refusal: insufficientScope(scopes) };
  const key = typeof clientId === 'string' ? sandbox.keys.find(clientId) : undefined;
  if (!key) return { refusal: refusals.unknown_key };
  if (iss !== sandbox.issuer(key.clinic)) return { refusal: refusals.invalid_token };
  const status = sandbox.keys.status(key);
  return status === 'active' ? { key } : { refusal: refusals[`${status}_key`] };
}

async function readPayload(sandbox: Sandbox, token: string): Promise<{ claims: JWTPayload } | { refusal: Refusal }> {
  const now = sandbox.clock.now();
  const known = sandbox.verified.find(token);
  if (known && isStillGood(sandbox, known, now)) return { claims: known.claims };
  try {
    const { payload, protectedHeader } = await jwtVerify(token, ({ kid }) => findKey(sandbox, kid, now), {
      algorithms: ['RS256'],
      issuer: knownIssuer(sandbox, token),
      requiredClaims: ['exp'],
      currentDate: new Date(now),
    });
    sandbox.verified.remember(token, toVerified(sandbox, payload, protectedHeader.kid));
    return { claims: payload };
  } catch (error) {
    if (error instanceof errors.JWTExpired) return { refusal: refusals.expired_token };
    if (!(error instanceof errors.JOSEError)) throw error;
    return { refusal: isOfAnotherSandbox(sandbox, token) ? refusals.other_sandbox : refusals.invalid_token };
  }
}

function toVerified(sandbox: Sandbox, claims: JWTPayload, kid = ''): VerifiedToken {
  const { client_id: clientId, iss = '' } = claims;
  const clinic = sandbox.clinicOfIssuer(iss)?.id ?? '';
  return { claims, kid, clinic, clientId: String(clientId), scopes: new Set(scopesOf(claims)) };
}

function scopesOf({ scope }: JWTPayload): string[] {
  return typeof scope === 'string' ? scope.split(' ') : [];
}

function findKey(sandbox: Sandbox, kid: string | undefined, now: number): KeyObject {
  const key = sandbox.signingKeys.find(kid, now);
  if (!key) throw new errors.JWKSNoMatchingKey();
  return key.publicKey;
}

/**
 * The issuer that the token claims, which its signature has yet to prove.
 * @throws JOSEError if it is that of no clinic.
 */
function knownIssuer(sandbox: Sandbox, token: string): string {
  const { iss } = decodeJwt(token);
  if (typeof iss === 'string' && sandbox.clinicOfIssuer(iss)) return iss;
  throw new errors.JWTInvalid('The issuer is unknown.');
}

/** Whether a token says that another sandbox of the same mock has issued it, or that the mock itself has. */
function isOfAnotherSandbox({ url }: Sandbox, token: string): boolean {
  const issuer = claimedIssuer(token) ?? '';
  const at = issuer.lastIndexOf(fillTemplate(paths.issuer, { clinic: '' }));
  const world = issuer.slice(0, at);
  return at > 0 && world !== url && mockOf(world) === mockOf(url);
}

function mockOf(url: string): string {
  return url.replace(/\/s\/[^/]+$/, '');
}

function claimedIssuer(token: string): string | undefined {
  try {
    const { iss } = decodeJwt(token);
    // It has not been checked: it may be anything.
    return typeof iss === 'string' ? iss : undefined;
  } catch {
    return undefined;
  }
}
