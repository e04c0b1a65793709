import { jsonReply, type Reply } from '../http/reply.ts';
import type { ErrorStyle } from '../state/environment.ts';
import type { RefusalReason } from '../state/journal.ts';

/** The errors of RFC 6749 section 5.2 that the mock's token endpoint gives. */
export type OAuthErrorCode = 'invalid_request' | 'invalid_client' | 'invalid_scope' | 'unsupported_grant_type';

export class OAuthError extends Error {
  override readonly name = 'OAuthError';
  readonly error: OAuthErrorCode;
  /** Why, for the journal. */
  readonly reason: RefusalReason;

  /** @param description for developers; ASCII without quotes, as RFC 6749 demands. @param reason for the journal. */
  constructor(error: OAuthErrorCode, description: string, reason: RefusalReason = error) {
    super(description);
    this.error = error;
    this.reason = reason;
  }
}

/** RFC 6749 section 5.1: no cache may keep what a token endpoint says. */
export const noStore = { 'Cache-Control': 'no-store', Pragma: 'no-cache' };

/** RFC 6749 section 5.2 asks for 401 or 400 with a description; Amazon Cognito answers 400 with the code only. */
export function oauthErrorReply({ error, message }: OAuthError, style: ErrorStyle): Reply {
  if (style === 'cognito') return jsonReply(400, { error }, noStore);
  const status = error === 'invalid_client' ? 401 : 400;
  const challenge = status === 401 ? { 'WWW-Authenticate': 'Basic realm="token endpoint"' } : {};
  return jsonReply(status, { error, error_description: message }, { ...noStore, ...challenge });
}
