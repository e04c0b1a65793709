import { decodeJwt } from 'jose';
import type { Operation } from '../../openapi/operations.ts';
import type { Key } from '../clinics/clinic.ts';
import type { Answered } from '../state/journal.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { basicCredentials } from '../token/basic-credentials.ts';
import { tokenIdOf } from './verified-tokens.ts';

/** Whose request it is by what it says of itself, and how it says so, before any check. */
export function claimantOf(
  sandbox: Sandbox,
  { issuesTokens }: Operation,
  authorization: string | undefined,
  body?: unknown,
): Claimant & Pick<Answered, 'authentication'> {
  if (!issuesTokens) {
    const authentication = authorization === undefined ? undefined : 'bearer';
    return { ...claimedBy(sandbox, authorization), authentication };
  }
  const form = new URLSearchParams(Buffer.isBuffer(body) ? body.toString('utf8') : '');
  if (form.has('client_secret')) {
    return { key: sandbox.keys.find(form.get('client_id') ?? ''), authentication: 'form' };
  }
  const [key] = (basicCredentials(authorization) ?? []).flatMap(({ clientId }) => sandbox.keys.find(clientId) ?? []);
  return { key, authentication: authorization === undefined ? undefined : 'basic' };
}

/** Who a request says it comes from. */
interface Claimant {
  key?: Key | undefined;
  tokenId?: string | undefined;
}

/** Whose token a request presents, by what the token says of itself: nothing of it has been verified. */
function claimedBy(sandbox: Sandbox, authorization = ''): Claimant {
  const token = authorization.replace(/^Bearer +/i, '');
  try {
    const claims = sandbox.verified.find(token)?.claims ?? decodeJwt(token);
    const { client_id: clientId } = claims;
    return {
      key: typeof clientId === 'string' ? sandbox.keys.find(clientId) : undefined,
      tokenId: tokenIdOf(claims),
    };
  } catch {
    return {};
  }
}
