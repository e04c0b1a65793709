import { decodeJwt } from 'jose';
import type { Key } from '../clinics/clinic.ts';
import type { Sandbox } from '../sandbox.ts';

/** Who a request says it comes from. */
export interface Claimant {
  key?: Key | undefined;
  tokenId?: string | undefined;
}

/** Whose token a request presents, by what the token says of itself: nothing of it has been verified. */
export function claimedBy(sandbox: Sandbox, authorization = ''): Claimant {
  const token = authorization.replace(/^Bearer +/i, '');
  try {
    const { client_id: clientId, jti } = sandbox.verified.find(token)?.claims ?? decodeJwt(token);
    return {
      key: typeof clientId === 'string' ? sandbox.keys.find(clientId) : undefined,
      tokenId: typeof jti === 'string' && jti.length <= 100 ? jti : undefined,
    };
  } catch {
    return {};
  }
}
