import { describeRequest } from './describe-request.ts';
import type { MockHandler } from './exchange.ts';
import { redact } from './redact.ts';
import type { Sandbox } from './sandbox.ts';

/** Holds the request against the specification, for the journal; the answer is the business of later steps. */
export function validate(sandbox: Sandbox): MockHandler {
  return (request, response, next) => {
    const { route } = response.locals;
    const described = describeRequest(request, route);
    const found = described && sandbox.answers.violations(route.operation, described);
    if (found) response.locals.described = described;
    // A violation may name what the client sent.
    const shown = (found ?? [unreadable]).map((each) => redact(each, sandbox.keys.list()));
    if (shown.length > 0) response.locals.violations = shown;
    return next();
  };
}

const unreadable = 'body: not what the request says that it is';
