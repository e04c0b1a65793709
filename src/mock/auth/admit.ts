import type { Operation } from '../../openapi/operations.ts';
import { scopesOf, type Requirement } from '../../openapi/security.ts';
import { parseCookies } from '../../util/http.ts';
import type { Key } from '../clinics/clinic.ts';
import type { MockAnswer, MockRequest } from '../http/request.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { basicCredentials, type Authorization } from './authorization.ts';
import { identifyByToken, refusalOfKey, verifyToken, type Identity } from './bearer.ts';
import { missing, refusalReply, refusals, type Refusal } from './refusals.ts';

/** What a request shows of its caller. */
export type Presented = Pick<MockRequest, 'headers' | 'query'> & { authorization: Authorization | undefined };

/** Whether what an operation asks its caller for tells which clinic that is. */
export function identifiesClinic({ security }: Operation): boolean {
  return security.alternatives.some((each) => each.some(({ presented }) => presented !== undefined));
}

/** The scopes that a token must have for an operation that asks for one. */
export function neededScopes({ security }: Operation): string[] | undefined {
  const bearer = security.alternatives.flat().find(({ presented }) => presented === 'bearer');
  return bearer && scopesOf(bearer);
}

/** The key that a request claims, before any check. */
export function identifyCaller(sandbox: Sandbox, { security }: Operation, presented: Presented): Identity {
  const { authorization } = presented;
  for (const requirement of security.alternatives.flat()) {
    const secret =
      requirement.presented === 'key' ? apiKeyIn(requirement, presented) : secretAsToken(requirement, authorization);
    const key = sandbox.keys.findBySecret(secret ?? '');
    if (key) return { key, authentication: requirement.presented === 'key' ? 'key' : 'bearer' };
  }
  if (authorization?.scheme !== 'basic') return identifyByToken(sandbox, authorization);
  const [key] = (basicCredentials(authorization) ?? []).flatMap(({ clientId }) => sandbox.keys.find(clientId) ?? []);
  return { key, authentication: 'basic' };
}

/** The names of query parameters or headers in which an operation is documented to take a key. */
export function keyNames({ security }: Operation, where: 'query' | 'header'): string[] {
  return security.alternatives
    .flat()
    .flatMap(({ definition }) => (definition?.place.in === where ? definition.place.name : []));
}

type Verdict = { key?: Key; goodUntil?: number } | { refusal: Refusal };

/**
 * Admits a request that presents all of one alternative, or nothing where that is allowed. What cannot be checked, such
 * as a certificate, counts as presented.
 * @returns the key, and until when the verdict holds if nothing changes (ms since 1970); or the answer that refuses.
 */
export async function admit(
  sandbox: Sandbox,
  operation: Operation,
  presented: Presented,
): Promise<{ key?: Key; goodUntil?: number } | MockAnswer> {
  const { alternatives, optional } = operation.security;
  const all = alternatives.filter((each) => each.length > 0);
  const refused: Refusal[] = [];
  for (const each of all) {
    const verdict = await admitBy(sandbox, each, presented);
    if (!('refusal' in verdict)) {
      // Another request with the same Authorization header may be admitted by a key, for another clinic.
      if (isByTokens(all) || !verdict.key) return verdict;
      return { key: verdict.key };
    }
    refused.push(verdict.refusal);
  }
  // What was presented says more of the mistake than what was not.
  const wrong = refused.find(({ reason }) => !reason.startsWith('missing_'));
  const refusal = wrong ?? refused[0];
  if (refusal === undefined || (optional && wrong === undefined)) return {};
  return { reply: await refusalReply(sandbox, operation, refusal), reason: refusal.reason };
}

function isByTokens(alternatives: readonly (readonly Requirement[])[]): boolean {
  return alternatives.flat().every(({ presented }) => presented === 'bearer');
}

async function admitBy(sandbox: Sandbox, requirements: readonly Requirement[], presented: Presented): Promise<Verdict> {
  let key: Key | undefined;
  let goodUntil = Infinity;
  for (const requirement of requirements) {
    const verdict = await check(sandbox, requirement, presented);
    if ('refusal' in verdict) return verdict;
    key ??= verdict.key;
    goodUntil = Math.min(goodUntil, verdict.goodUntil ?? Infinity);
  }
  return { ...(key ? { key } : {}), goodUntil };
}

async function check(sandbox: Sandbox, requirement: Requirement, presented: Presented): Promise<Verdict> {
  const { authorization } = presented;
  switch (requirement.presented) {
    case 'bearer': {
      const key = sandbox.keys.findBySecret(secretAsToken(requirement, authorization) ?? '');
      return key ? verdictOn(sandbox, key) : verifyToken(sandbox, authorization, scopesOf(requirement));
    }
    case 'basic': {
      if (authorization?.scheme !== 'basic') return { refusal: missing.basic };
      const known = (basicCredentials(authorization) ?? []).flatMap(({ clientId, clientSecret }) => {
        const key = sandbox.keys.find(clientId);
        return key?.clientSecret === clientSecret ? key : [];
      });
      return known[0] ? verdictOn(sandbox, known[0]) : { refusal: refusals.invalid_credentials };
    }
    case 'key': {
      const value = apiKeyIn(requirement, presented);
      if (value === undefined) return { refusal: missing.key(requirement) };
      const key = sandbox.keys.findBySecret(value);
      if (key) return verdictOn(sandbox, key);
      // Some documents describe a bearer token so.
      const isToken = isAuthorization(requirement) && authorization?.scheme === 'bearer';
      return isToken ? verifyToken(sandbox, authorization, []) : { refusal: refusals.invalid_key };
    }
    case undefined:
    default:
      return isDigest(requirement) && authorization?.scheme !== 'digest' ? { refusal: missing.digest } : {};
  }
}

/** The bearer token where the document has no flow that issues one: the secret of a key counts as a token. */
function secretAsToken({ definition }: Requirement, authorization: Authorization | undefined): string | undefined {
  return definition?.type === 'http' && authorization?.scheme === 'bearer' ? authorization.value : undefined;
}

function verdictOn(sandbox: Sandbox, key: Key): Verdict {
  const refusal = refusalOfKey(sandbox, key);
  return refusal ? { refusal } : { key };
}

function isAuthorization({ definition }: Requirement): boolean {
  return definition?.place.in === 'header' && definition.place.name.toLowerCase() === 'authorization';
}

/** HTTP Digest must be there, and what it says is not checked. */
function isDigest({ definition }: Requirement): boolean {
  return (
    definition?.type === 'http' && definition.place.in === 'authorization' && /^digest$/i.test(definition.place.word)
  );
}

/** The key that a request presents at the documented place; in the header Authorization with or without a word in front. */
function apiKeyIn(requirement: Requirement, { headers, query }: Presented): string | undefined {
  const place = requirement.definition?.place;
  if (place === undefined || !('name' in place)) return undefined;
  if (place.in === 'query') return query.get(place.name) ?? undefined;
  if (place.in === 'cookie') return parseCookies(headers.cookie ?? '').get(place.name);
  const value = [headers[place.name.toLowerCase()] ?? []].flat()[0];
  return isAuthorization(requirement) ? value?.replace(/^\w+ +/, '') : value;
}
