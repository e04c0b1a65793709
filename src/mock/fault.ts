import type { MockHandler } from './exchange.ts';
import { send } from './reply.ts';
import type { Sandbox } from './sandbox.ts';

/** Gives the answer that was ordered for the operation, if one was. */
export function fault(sandbox: Sandbox): MockHandler {
  return async (_request, response, next) => {
    const { operation } = response.locals.route;
    const status = sandbox.faults.take(operation.id);
    const reply = status === undefined ? undefined : await sandbox.answers.documented(operation, status);
    return reply ? send(response, reply) : next();
  };
}
