import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { limitOf, messageOf, statusOf } from '../../util/errors.ts';
import { bearer } from '../auth/bearer.ts';
import type { Controls } from '../control/controls.ts';
import { handlersFor, type Beyond } from '../control/handlers.ts';
import { control, guard } from '../control/router.ts';
import { injectFaults } from '../faults/inject.ts';
import { answer, validate } from '../prism/respond.ts';
import { paths } from '../routing/paths.ts';
import { route } from '../routing/route.ts';
import type { ErrorStyle } from '../state/environment.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { keySet } from '../token/jwks.ts';
import { OAuthError, oauthErrorReply } from '../token/oauth-error.ts';
import { tokenEndpoint } from '../token/token-endpoint.ts';
import type { Exchange, MockHandler } from './exchange.ts';
import { observe } from './record-request.ts';
import { jsonReply, send, type Reply } from './reply.ts';

/** The way of a request through the mock. */
export function createApp(sandbox: Sandbox, controls: Controls, beyond: Beyond): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(paths.control, guard(sandbox.controlToken), loaded(sandbox), control(handlersFor(sandbox, controls, beyond)));
  app.use(observe(sandbox));
  app.use(keySet(sandbox));
  app.use(route(sandbox));
  app.use(body());
  app.use(validate(sandbox));
  app.use(injectFaults(sandbox));
  app.use(tokenEndpoint(sandbox));
  app.use(bearer(sandbox));
  app.use(answer(sandbox));
  app.use(handleError(sandbox.errorStyle));
  return app;
}

/** Answers a request that could not be read, in the form that its operation uses for errors. */
const handleError =
  (style: ErrorStyle): ErrorRequestHandler =>
  (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    const { route }: Partial<Exchange> = response.locals;
    const oauth = route?.operation.issuesTokens ? style : undefined;
    if (oauth && clientError(error)) response.locals.reason = 'invalid_request';
    // The header that could not be sent is among those that are set already.
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    return send(response, replyTo(error, oauth));
  };

function replyTo(error: unknown, oauth: ErrorStyle | undefined): Reply {
  const mistake = clientError(error);
  if (!mistake)
    return jsonReply(500, { message: 'The mock failed; this is a defect in it.', reason: messageOf(error) });
  const { status, message } = mistake;
  return oauth ? oauthErrorReply(new OAuthError('invalid_request', message), oauth) : jsonReply(status, { message });
}

/** The mistakes of a request that Express's body parser finds; each has a status, some a type. */
function clientError(error: unknown): { status: number; message: string } | undefined {
  const status = statusOf(error);
  if (status === undefined || status < 400 || status >= 500) return undefined;
  switch (status) {
    case 413:
      return { status, message: `The body of the request is larger than ${limitOf(error) / 1024} KiB.` };
    case 415:
      return { status, message: 'The Content-Encoding or the charset of the request is not supported.' };
    default:
      return { status, message: 'The body of the request cannot be read.' };
  }
}

/** Waits until Prism is loaded, and nothing is put off, which whoever looks at the mock or changes it takes for granted. */
function loaded(sandbox: Sandbox): RequestHandler {
  return async (_request, _response, next) => {
    await sandbox.answers.load();
    sandbox.answers.catchUp();
    return next();
  };
}

/** Bytes that a request for a token may have. */
const tokenLimit = 64 * 1024;

/** Bytes that a request for any other operation may have. */
const apiLimit = 1024 * 1024;

/** Reads the request's body as it is, up to a limit. */
function body(): MockHandler {
  const forTokens = express.raw({ type: () => true, limit: tokenLimit });
  const forApi = express.raw({ type: () => true, limit: apiLimit });
  return (request, response, next) => {
    const read = response.locals.route.operation.issuesTokens ? forTokens : forApi;
    return read(request, response, next);
  };
}
