import type { MockHandler } from '../http/exchange.ts';
import { redact } from '../http/redact.ts';
import { send } from '../http/reply.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { parameterNames } from '../../openapi/path-template.ts';
import { hintFor } from './hint.ts';
import { Router } from '../../openapi/match.ts';
import { withTokenEndpoint } from './token-operation.ts';
import { unknownPath, wrongMethod } from './unknown.ts';

/** Finds the operation that a request is for; where there is none, says which there are. */
export function route(sandbox: Sandbox): MockHandler {
  const operations = withTokenEndpoint(sandbox.api.operations);
  const router = new Router(operations);
  const names = new Map(operations.map((each) => [each, parameterNames(each.serverPath + each.path)]));
  return (request, response, next) => {
    const { path, query } = splitTarget(request.url);
    const match = router.match(path);
    if (!match) {
      // The answer repeats the path, but not what does not belong into it.
      const shown = redact(path, sandbox.keys.list());
      const hint = hintFor(shown, router, operations);
      response.locals.reason = hint?.reason ?? 'unknown_path';
      return send(response, unknownPath(shown, hint, operations));
    }
    const operation = match.operations.get(request.method);
    if (!operation) {
      response.locals.reason = 'wrong_method';
      return send(response, wrongMethod(request.method, redact(path, sandbox.keys.list()), match));
    }
    const parameters = Object.fromEntries(
      (names.get(operation) ?? []).map((name, index) => [name, match.values[index] ?? '']),
    );
    response.locals.route = { operation, path: path.slice(operation.serverPath.length), parameters, query };
    response.locals.send = async (reply) => send(response, reply);
    return next();
  };
}

/** Splits a request's target by hand: what a client sends need not be a URL that `URL` accepts. */
function splitTarget(target: string): { path: string; query: URLSearchParams } {
  const at = target.indexOf('?');
  const path = at < 0 ? target : target.slice(0, at);
  return { path, query: new URLSearchParams(at < 0 ? '' : target.slice(at + 1)) };
}
