import type { ErrorRequestHandler } from 'express';
import { limitOf, messageOf, statusOf } from '../spec/thrown.ts';
import type { ErrorStyle } from './error-style.ts';
import type { Exchange } from './http/exchange.ts';
import { jsonReply, send, type Reply } from './http/reply.ts';
import { OAuthError, oauthErrorReply } from './token/oauth-error.ts';

/** Answers a request that could not be read, in the form that its operation uses for errors. */
export const handleError =
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
