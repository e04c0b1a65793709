import { describeRequest } from './describe-request.ts';
import type { MockHandler } from './exchange.ts';
import { redact } from './redact.ts';
import type { Sandbox } from './sandbox.ts';

/** Holds the request against the specification, for the journal; the answer is the business of later steps. */
export function validate(sandbox: Sandbox): MockHandler {
  return (request, response, next) => {
    const { route } = response.locals;
    const described = describeRequest(request, route);
    response.locals.described = described;
    const found = described
      ? sandbox.answers.violations(route.operation, described)
      : ['body: not the JSON that it says'];
    // A violation may name what the client sent.
    if (found.length > 0) response.locals.violations = found.map((each) => redact(each, sandbox.keys.list()));
    return next();
  };
}
