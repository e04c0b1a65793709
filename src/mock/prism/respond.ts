import type { MockHandler } from '../http/exchange.ts';
import { missingExample } from '../missing-example.ts';
import { readPreference } from './preference.ts';
import { jsonReply } from '../http/reply.ts';
import type { Sandbox } from '../state/sandbox.ts';

/**
 * Gives the answer of the clinic's fixture, or of the specification's example where the clinic has none, unless the
 * request prefers another of the documented answers.
 */
export function answer(sandbox: Sandbox): MockHandler {
  return async (request, response) => {
    const { route, clinic, described, violations, send } = response.locals;
    if (!described) {
      return send(
        jsonReply(400, {
          message: 'The body of the request is not what its Content-Type says, or is nested too deeply.',
        }),
      );
    }
    const preference = readPreference(request.get('prefer'));
    if (!preference) return send(await sandbox.answers.usual(route.operation, clinic, described, !violations));
    response.locals.fault ??= 'prefer';
    const { operation } = route;
    const missing = missingExample(sandbox, operation, preference);
    return send(missing ?? (await sandbox.answers.preferred(operation, clinic, described, preference)));
  };
}
