import type { MockHandler } from '../exchange.ts';
import type { Sandbox } from '../sandbox.ts';
import { claimedBy } from './claimed.ts';
import { refuse } from './refuse.ts';
import { verifyToken } from './verify-token.ts';

/** Lets a request pass whose bearer token is good, and finds the clinic that it stands for. */
export function bearer(sandbox: Sandbox): MockHandler {
  return async (request, response, next) => {
    const { operation } = response.locals.route;
    if (!operation.security) return next();
    // Of two headers Node shows the first alone, and something else on the way may look at the second.
    const presented = request.headersDistinct['authorization'] ?? [];
    const authorization = presented.length > 1 ? 'Bearer' : presented[0];
    const { key, tokenId } = claimedBy(sandbox, authorization);
    const authentication = authorization === undefined ? undefined : 'bearer';
    Object.assign(response.locals, { clientId: key?.clientId, tokenId, authentication });
    const verdict = await verifyToken(sandbox, authorization, operation.security.scopes);
    if ('refusal' in verdict) {
      response.locals.reason = verdict.refusal.reason;
      return response.locals.send(await refuse(sandbox, operation, verdict.refusal));
    }
    response.locals.clinic = sandbox.fixtures.clinic(verdict.key.clinic);
    return next();
  };
}
