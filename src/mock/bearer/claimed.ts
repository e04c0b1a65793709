import { decodeJwt } from 'jose';
import type { Key } from '../clinics/clinic.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { tokenIdOf } from '../auth/verified-tokens.ts';

/** Who a request says it comes from. */
export interface Claimant {
  key?: Key | undefined;
  tokenId?: string | undefined;
}

/** Whose token a request presents, by what the token says of itself: nothing of it has been verified. */
export function claimedBy(sandbox: Sandbox, authorization = ''): Claimant {
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
