import { claimantOf } from '../auth/claimed-identity.ts';
import type { MockHandler } from '../http/exchange.ts';
import { send, type Reply } from '../http/reply.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { answerOf } from './answer-of.ts';
import { drawDelay } from './delay.ts';
import { deliver } from './deliver.ts';
import type { Fault } from './fault.ts';

/** Lets a fault strike the request, if one was set for it. What the fault does not say is answered as usual. */
export function injectFaults(sandbox: Sandbox): MockHandler {
  return async (request, response, next) => {
    if (sandbox.faults.none) return next();
    const { route } = response.locals;
    const { operation } = route;
    const { key, ...claimed } = claimantOf(sandbox, operation, request.get('authorization'), request.body);
    const clinic = operation.issuesTokens ? (Object.values(route.parameters)[0] ?? key?.clinic) : key?.clinic;
    const fault = sandbox.faults.strike(operation, clinic);
    if (!fault) return next();
    const claimedClinic = clinic === undefined ? undefined : sandbox.fixtures.clinic(clinic)?.id;
    Object.assign(response.locals, { fault: fault.id, claimedClinic, clientId: key?.clientId, ...claimed });
    if (fault.delay) await sandbox.sleep(drawDelay(fault.delay, sandbox.random));
    const { delivery } = fault;
    response.locals.send = async (reply) => {
      const changed = change(reply, fault);
      if (delivery === undefined) send(response, changed);
      else await deliver(response, changed, delivery, sandbox);
    };
    return fault.status === undefined
      ? next()
      : response.locals.send(await answerOf(sandbox, operation, fault, fault.status));
  };
}

/** The answer with what the fault says of it. */
function change(reply: Reply, { headers = {}, body, contentType, expiresIn }: Fault): Reply {
  const type = contentType === undefined ? {} : { 'Content-Type': contentType };
  const kept = Object.entries(reply.headers).filter(
    ([name]) => contentType === undefined || name.toLowerCase() !== 'content-type',
  );
  const changed = { ...reply, headers: { ...Object.fromEntries(kept), ...type, ...headers } };
  if (body !== undefined) return { ...changed, body: typeof body === 'string' ? body : JSON.stringify(body) };
  if (expiresIn === undefined || reply.status !== 200 || reply.body === undefined) return changed;
  const token: unknown = JSON.parse(reply.body);
  return { ...changed, body: JSON.stringify({ ...Object(token), expires_in: expiresIn }) };
}
