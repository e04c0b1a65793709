import { claimantOf } from './claimed-identity.ts';
import type { MockHandler } from '../http/exchange.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { refuse } from './refusals.ts';
import { verifyToken } from './verify-token.ts';

/** Lets a request pass whose bearer token is good, and finds the clinic that it stands for. */
export function bearer(sandbox: Sandbox): MockHandler {
  return async (request, response, next) => {
    const { operation } = response.locals.route;
    const { credentials, optional } = operation.security;
    if (!credentials) return next();
    // Of two headers Node shows the first alone, and something else on the way may look at the second.
    const presented = request.headersDistinct['authorization'] ?? [];
    const authorization = presented.length > 1 ? 'Bearer' : presented[0];
    if (optional && presented.length === 0) return next();
    const { key, ...claimed } = claimantOf(sandbox, operation, authorization);
    Object.assign(response.locals, { claimedClinic: key?.clinic, clientId: key?.clientId, ...claimed });
    const verdict = await verifyToken(sandbox, authorization, credentials.scopes);
    if ('refusal' in verdict) {
      response.locals.reason = verdict.refusal.reason;
      return response.locals.send(await refuse(sandbox, operation, verdict.refusal));
    }
    response.locals.clinic = sandbox.fixtures.clinic(verdict.key.clinic);
    return next();
  };
}
