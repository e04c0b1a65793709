import { describeRequest } from './describe-request.ts';
import type { MockHandler } from './http/exchange.ts';
import { redact } from './http/redact.ts';
import type { Sandbox } from './state/sandbox.ts';

/**
 * Holds the request against the specification, for the journal; the answer is the business of later steps. Who asks for a
 * token does not wait for Prism to be loaded.
 */
export function validate(sandbox: Sandbox): MockHandler {
  const { answers } = sandbox;
  return async (request, response, next) => {
    const { route } = response.locals;
    const check = (): void => {
      const described = describeRequest(request, route);
      const found = described && answers.violations(route.operation, described);
      if (found) response.locals.described = described;
      // A violation may name what the client sent.
      const shown = (found ?? [unreadable]).map((each) => redact(each, sandbox.keys.list()));
      if (shown.length > 0) response.locals.violations = shown;
    };
    if (route.operation.issuesTokens) answers.later(check);
    else {
      await answers.load();
      check();
    }
    return next();
  };
}

const unreadable = 'body: not what the request says that it is';
