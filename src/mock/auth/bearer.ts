import type { KeyObject } from 'node:crypto';
import { decodeJwt, errors, jwtVerify, type JWTPayload } from 'jose';
import type { Operation } from '../../openapi/operations.ts';
import { fillTemplate } from '../../openapi/path-template.ts';
import type { Key } from '../clinics/clinic.ts';
import type { MockAnswer } from '../http/request.ts';
import { paths } from '../routing/paths.ts';
import type { Answered } from '../state/journal.ts';
import type { Sandbox } from '../state/sandbox.ts';
import type { Authorization } from './authorization.ts';
import { insufficientScope, refusals, refuse, type Refusal } from './refusals.ts';
import type { VerifiedToken } from './verified-tokens.ts';

/** The scopes that an operation asks for; undefined where it asks for no bearer token. */
export function bearerScopes({ security }: Operation): string[] | undefined {
  const { credentials } = security;
  return credentials?.type === 'bearer' ? credentials.scopes : undefined;
}

/** Whose request it is by its own account, before any check. */
export interface Identity extends Pick<Answered, 'authentication'> {
  key?: Key | undefined;
  tokenId?: string | undefined;
}

/** Whose token a request presents, by the token's own account: nothing of it has been verified. */
export function identifyByToken(sandbox: Sandbox, authorization: Authorization | undefined): Identity {
  if (!authorization) return { authentication: undefined };
  const claims = claimsOf(sandbox, authorization.value ?? '');
  const { client_id: clientId, jti } = claims;
  return {
    key: typeof clientId === 'string' ? sandbox.keys.find(clientId) : undefined,
    tokenId: typeof jti === 'string' && jti.length <= 100 ? jti : undefined,
    authentication: 'bearer',
  };
}

/** The claims of a token, which may be anything; none where the text is no token. */
function claimsOf({ verified }: Pick<Sandbox, 'verified'>, token: string): JWTPayload {
  try {
    return verified.find(token)?.claims ?? decodeJwt(token);
  } catch {
    return {};
  }
}

/** A request that may be answered, or the answer that refuses it. */
type Admission = { key?: Key; goodUntil?: number } | MockAnswer;

/** Admits a request whose bearer token is valid, or that presents none to an operation that does not require one. */
export async function admit(
  sandbox: Sandbox,
  operation: Operation,
  authorization: Authorization | undefined,
): Promise<Admission> {
  const scopes = bearerScopes(operation);
  if (!scopes || (operation.security.optional && !authorization)) return {};
  const verdict = await verifyToken(sandbox, authorization, scopes);
  if ('key' in verdict) return verdict;
  const { refusal } = verdict;
  return { reply: await refuse(sandbox, operation, refusal), reason: refusal.reason };
}

/** What a bearer token turned out to be, and until when, in milliseconds since 1970, if nothing is changed. */
type Verdict = { key: Key; goodUntil: number } | { refusal: Refusal };

/** Judges a bearer token: signature, issuer, expiry, scope, then the status of the key. */
async function verifyToken(
  sandbox: Sandbox,
  authorization: Authorization | undefined,
  scopes: readonly string[],
): Promise<Verdict> {
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
  const status = sandbox.keys.status(key);
  if (status !== 'active') return { refusal: refusals[`${status}_key`] };
  return { key, goodUntil: Math.min(endOf(sandbox, token), key.expiresAt ?? Infinity) };
}

async function verifySignature(sandbox: Sandbox, token: string): Promise<VerifiedToken | { refusal: Refusal }> {
  const now = sandbox.clock.now();
  const known = sandbox.verified.find(token);
  if (known && now < endOf(sandbox, known)) return known;
  try {
    const { payload, protectedHeader } = await jwtVerify(token, ({ kid }) => findKey(sandbox, kid, now), {
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

/**
 * Until when a token with a good signature is good, in milliseconds since 1970. One with a beginning is verified each time,
 * since the clock can be set back.
 */
function endOf({ signingKeys }: Sandbox, { claims: { exp = 0, nbf }, kid }: VerifiedToken): number {
  return nbf === undefined ? Math.min(Math.floor(exp) * 1000, signingKeys.goodUntil(kid)) : -Infinity;
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
  const id = typeof iss === 'string' ? iss.slice(iss.lastIndexOf('/') + 1) : '';
  if (sandbox.fixtures.clinic(id) && iss === sandbox.issuer(id)) return iss;
  throw new errors.JWTInvalid('The issuer is unknown.');
}

/** Whether a token names another sandbox of the same mock, or the mock itself, as its issuer. */
function isOfAnotherSandbox(sandbox: Sandbox, token: string): boolean {
  const { iss } = claimsOf(sandbox, token);
  // It has not been checked: it may be anything.
  const issuer = typeof iss === 'string' ? iss : '';
  const at = issuer.lastIndexOf(fillTemplate(paths.issuer, { clinic: '' }));
  const world = issuer.slice(0, at);
  return at > 0 && world !== sandbox.url && mockOf(world) === mockOf(sandbox.url);
}

function mockOf(url: string): string {
  return url.replace(/\/s\/[^/]+$/, '');
}
