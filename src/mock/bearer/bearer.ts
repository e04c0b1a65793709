import type { MockHandler } from '../exchange.ts';
import { jsonReply, type Reply } from '../reply.ts';
import type { Sandbox } from '../sandbox.ts';
import type { Operation } from '../../spec/operation.ts';
import type { Refusal } from './refusal.ts';
import { claimedBy } from './claimed.ts';
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

/** The specification's own answer for the status, its example for the reason if it has one; the header is RFC 6750's. */
async function refuse(sandbox: Sandbox, operation: Operation, refusal: Refusal): Promise<Reply> {
  const { reason, status, message, challenge } = refusal;
  const documented = await sandbox.answers.documented(operation, status, reason);
  const { body, headers } = documented ?? jsonReply(status, { message });
  const kept = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'www-authenticate');
  const added = challenge === undefined ? [] : [['WWW-Authenticate', challenge]];
  return { status, headers: Object.fromEntries([...kept, ...added]), body };
}
