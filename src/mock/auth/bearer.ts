import { verify, type KeyObject } from 'node:crypto';
import { decodeJwt, errors, jwtVerify, type JWTPayload } from 'jose';
import { parseObject, textAt } from '../../util/json.ts';
import { fillTemplate } from '../../openapi/path-template.ts';
import type { Key } from '../clinics/clinic.ts';
import { paths } from '../routing/paths.ts';
import type { Answered } from '../state/journal.ts';
import type { Sandbox } from '../state/sandbox.ts';
import type { Authorization } from './authorization.ts';
import { insufficientScope, refusals, type Refusal } from './refusals.ts';
import type { VerifiedToken } from './verified-tokens.ts';

/** The claimed identity of a request, before any check. */
export interface Identity extends Pick<Answered, 'authentication'> {
  key?: Key | undefined;
  tokenId?: string | undefined;
}

export function identifyByToken(sandbox: Sandbox, authorization: Authorization | undefined): Identity {
  if (!authorization) return { authentication: undefined };
  const { value: token = '' } = authorization;
  const { client_id: clientId, jti } = claimsOf(sandbox, token);
  return {
    key: typeof clientId === 'string' ? sandbox.keys.find(clientId) : undefined,
    // That of another token may be any text, also a secret.
    tokenId: typeof jti === 'string' && jti.length <= 100 && isIssuedHere(sandbox, token) ? jti : undefined,
    authentication: 'bearer',
  };
}

function claimsOf({ verified }: Pick<Sandbox, 'verified'>, token: string): JWTPayload {
  try {
    return verified.find(token)?.claims ?? decodeJwt(token);
  } catch {
    return {};
  }
}

/** Whether a key of this mock has signed a token, whatever it says. */
function isIssuedHere({ verified, signingKeys }: Sandbox, token: string): boolean {
  if (verified.find(token)) return true;
  const [head = '', payload = '', signature = ''] = token.split('.');
  const key = signingKeys.known(textAt(parseObject(Buffer.from(head, 'base64url')), 'kid'));
  if (!key) return false;
  return verify('sha256', Buffer.from(`${head}.${payload}`), key.publicKey, Buffer.from(signature, 'base64url'));
}

/** Whether each part of a token is base64url as RFC 7515 section 2 has it, without padding and spare bits. */
function isCanonical(token: string): boolean {
  return token.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
}

/** @returns the key, and until when the verdict holds if nothing changes (ms since 1970). */
export async function verifyToken(
  sandbox: Sandbox,
  authorization: Authorization | undefined,
  scopes: readonly string[],
): Promise<{ key: Key; goodUntil: number } | { refusal: Refusal }> {
  if (authorization?.scheme !== 'bearer') return { refusal: refusals.missing_token };
  if (authorization.value === undefined) return { refusal: refusals.invalid_token };
  const token = await verifySignature(sandbox, authorization.value);
  if ('refusal' in token) return token;
  const { client_id: clientId, scope, iss } = token.claims;
  const granted = typeof scope === 'string' ? scope.split(' ') : [];
  if (scopes.some((needed) => !granted.includes(needed))) return { refusal: insufficientScope(scopes) };
  const key = typeof clientId === 'string' ? sandbox.keys.find(clientId) : undefined;
  if (!key) return { refusal: refusals.unknown_key };
  if (iss !== sandbox.issuer(key.clinic)) return { refusal: refusals.invalid_token };
  const refusal = refusalOfKey(sandbox, key);
  if (refusal) return { refusal };
  return { key, goodUntil: Math.min(endOf(sandbox, token), key.expiresAt ?? Infinity) };
}

/** How a key is refused that was revoked or has expired. */
export function refusalOfKey({ keys }: Sandbox, key: Key): Refusal | undefined {
  const status = keys.status(key);
  return status === 'active' ? undefined : refusals[`${status}_key`];
}

async function verifySignature(sandbox: Sandbox, token: string): Promise<VerifiedToken | { refusal: Refusal }> {
  const now = sandbox.clock.now();
  const known = sandbox.verified.find(token);
  if (known && now < endOf(sandbox, known)) return known;
  if (!isCanonical(token)) return { refusal: refusals.invalid_token };
  try {
    const findKey = ({ kid }: { kid?: string }): KeyObject => {
      const key = sandbox.signingKeys.find(kid, now);
      if (!key) throw new errors.JWKSNoMatchingKey();
      return key.publicKey;
    };
    const { payload, protectedHeader } = await jwtVerify(token, findKey, {
      algorithms: ['RS256'],
      issuer: knownIssuer(sandbox, token),
      requiredClaims: ['exp'],
      currentDate: new Date(now),
    });
    const verified = { claims: payload, kid: protectedHeader.kid };
    sandbox.verified.remember(token, verified);
    return verified;
  } catch (error) {
    if (error instanceof errors.JWTExpired) return { refusal: refusals.expired_token };
    if (!(error instanceof errors.JOSEError)) throw error;
    return { refusal: isOfAnotherSandbox(sandbox, token) ? refusals.other_sandbox : refusals.invalid_token };
  }
}

/** When a verified token ends (ms since 1970). One with `nbf` is verified each time: the clock can be set back. */
function endOf({ signingKeys }: Sandbox, { claims: { exp = 0, nbf }, kid }: VerifiedToken): number {
  return nbf === undefined ? Math.min(Math.floor(exp) * 1000, signingKeys.goodUntil(kid)) : -Infinity;
}

/** The issuer that the token claims. @throws JOSEError if no clinic has it. */
function knownIssuer(sandbox: Sandbox, token: string): string {
  const { iss } = decodeJwt(token);
  const id = typeof iss === 'string' ? iss.slice(iss.lastIndexOf('/') + 1) : '';
  if (sandbox.fixtures.clinic(id) && iss === sandbox.issuer(id)) return iss;
  throw new errors.JWTInvalid('The issuer is unknown.');
}

/** Whether a token claims an issuer of another sandbox of the same mock. */
function isOfAnotherSandbox(sandbox: Sandbox, token: string): boolean {
  const { iss } = claimsOf(sandbox, token);
  const issuer = typeof iss === 'string' ? iss : '';
  const at = issuer.lastIndexOf(fillTemplate(paths.issuer, { clinic: '' }));
  const world = issuer.slice(0, at);
  const [claimed, own] = [world, sandbox.url].map((url) => url.replace(/\/s\/[^/]+$/, ''));
  return at > 0 && world !== sandbox.url && claimed === own;
}
