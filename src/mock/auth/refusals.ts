import type { Operation } from '../../openapi/operations.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import type { Sandbox } from '../state/sandbox.ts';

/** Why a bearer token is refused; also the name under which the specification may give an example of the answer. */
type RefusalReason =
  | 'missing_token'
  | 'invalid_token'
  | 'expired_token'
  | 'other_sandbox'
  | 'insufficient_scope'
  | 'unknown_key'
  | 'revoked_key'
  | 'expired_key';

/** How a request is refused. */
export interface Refusal {
  reason: RefusalReason;
  /** The example of the specification, where it is named after another reason. */
  example?: RefusalReason;
  status: 401 | 403;
  message: string;
  /** The value of `WWW-Authenticate` (RFC 6750 section 3), where a better token would help. */
  challenge: string | undefined;
}

const realm = 'Bearer realm="api"';

/** The refusals that need no further facts. */
export const refusals = {
  missing_token: {
    reason: 'missing_token',
    status: 401,
    message: 'There is no Authorization header with a bearer token.',
    // RFC 6750 section 3.1: without authentication information there is no error code.
    challenge: realm,
  },
  invalid_token: {
    reason: 'invalid_token',
    status: 401,
    message: 'The bearer token is not valid.',
    challenge: `${realm}, error="invalid_token", error_description="The access token is not valid"`,
  },
  expired_token: {
    reason: 'expired_token',
    status: 401,
    message: 'The bearer token has expired.',
    challenge: `${realm}, error="invalid_token", error_description="The access token has expired"`,
  },
  other_sandbox: {
    reason: 'other_sandbox',
    example: 'invalid_token',
    status: 401,
    message: 'The bearer token is not valid.',
    challenge: `${realm}, error="invalid_token", error_description="The access token is that of another sandbox of this mock"`,
  },
  unknown_key: {
    reason: 'unknown_key',
    status: 403,
    message: 'The API key is not registered.',
    challenge: undefined,
  },
  revoked_key: {
    reason: 'revoked_key',
    status: 403,
    message: 'The API key was revoked.',
    challenge: undefined,
  },
  expired_key: {
    reason: 'expired_key',
    status: 403,
    message: 'The API key has expired.',
    challenge: undefined,
  },
} as const satisfies Partial<Record<RefusalReason, Refusal>>;

/** The refusal of a token that lacks a scope; the challenge names what is needed. */
export function insufficientScope(needed: readonly string[]): Refusal {
  return {
    reason: 'insufficient_scope',
    status: 403,
    message: 'The bearer token lacks the scope that this operation asks for.',
    challenge: `${realm}, error="insufficient_scope", scope="${needed.join(' ')}"`,
  };
}

/** How a token is refused for a reason, or for the most common one of a status; undefined where it is never refused so. */
export function refusalFor(status: number, reason: string | undefined, needed: readonly string[]): Refusal | undefined {
  const all = [...mostCommonFirst, insufficientScope(needed)].filter((each) => each.status === status);
  return reason === undefined ? all[0] : all.find((each) => each.reason === reason);
}

const { invalid_token: invalidToken, revoked_key: revokedKey, ...others } = refusals;
const mostCommonFirst: readonly Refusal[] = [invalidToken, revokedKey, ...Object.values(others)];

/** The specification's own answer for the status, its example for the reason if it has one; the header is RFC 6750's. */
export async function refuse(sandbox: Sandbox, operation: Operation, refusal: Refusal): Promise<Reply> {
  const { reason, example = reason, status, message, challenge } = refusal;
  const documented = await sandbox.answers.documented(operation, status, example);
  const { body, headers } = documented ?? jsonReply(status, { message });
  const kept = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'www-authenticate');
  const added = challenge === undefined ? [] : [['WWW-Authenticate', challenge]];
  return { status, headers: Object.fromEntries([...kept, ...added]), body };
}
