import { limitOf, messageOf, statusOf } from '../../util/errors.ts';
import type { ErrorStyle } from '../state/environment.ts';
import { OAuthError, oauthErrorReply } from '../token/oauth-error.ts';
import { jsonReply } from './reply.ts';
import type { MockAnswer } from './request.ts';

/**
 * The answer to a request that cannot be read, or at which the mock failed.
 * @param style of the errors, where the request is for a token.
 */
export function failedAnswer(error: unknown, style?: ErrorStyle): MockAnswer {
  const mistake = clientError(error);
  if (!mistake) {
    const message = 'The mock failed; this is a defect in it.';
    return { reply: jsonReply(500, { message, reason: messageOf(error) }) };
  }
  const { status, message } = mistake;
  if (!style) return { reply: jsonReply(status, { message }) };
  return { reply: oauthErrorReply(new OAuthError('invalid_request', message), style), reason: 'invalid_request' };
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
