import type { Operation } from '../../openapi/operations.ts';
import { documentedStatus } from '../../openapi/responses.ts';
import type { Requirement } from '../../openapi/security.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import type { RefusalReason } from '../state/journal.ts';
import type { Sandbox } from '../state/sandbox.ts';

/** How a request is refused for its credentials. */
export interface Refusal {
  /** For the journal; also the name of the specification's example of the answer, unless `example` is given. */
  reason: RefusalReason;
  example?: string;
  status: 401 | 403;
  message: string;
  /** The value of `WWW-Authenticate` (RFC 6750 section 3), if a better token would help. */
  challenge?: string | undefined;
}

const realm = 'Bearer realm="api"';
const basicRealm = 'Basic realm="api"';

function refusal(reason: RefusalReason, status: 401 | 403, message: string, challenge?: string): Refusal {
  return { reason, status, message, challenge };
}

function invalidToken(description: string): string {
  return `${realm}, error="invalid_token", error_description="The access token ${description}"`;
}

/** The refusals that need no further facts, the most common of each status first. */
export const refusals = {
  invalid_token: refusal('invalid_token', 401, 'The bearer token is not valid.', invalidToken('is not valid')),
  revoked_key: refusal('revoked_key', 403, 'The API key was revoked.'),
  // RFC 6750 section 3.1: without authentication information there is no error code.
  missing_token: refusal('missing_token', 401, 'There is no Authorization header with a bearer token.', realm),
  expired_token: refusal('expired_token', 401, 'The bearer token has expired.', invalidToken('has expired')),
  other_sandbox: {
    reason: 'other_sandbox',
    example: 'invalid_token',
    status: 401,
    message: 'The bearer token is not valid.',
    challenge: invalidToken('is that of another sandbox of this mock'),
  },
  unknown_key: refusal('unknown_key', 403, 'The API key is not registered.'),
  expired_key: refusal('expired_key', 403, 'The API key has expired.'),
  invalid_credentials: refusal('invalid_credentials', 401, 'The user name or the password is wrong.', basicRealm),
  invalid_key: refusal('invalid_key', 401, 'The API key is not registered.'),
} as const satisfies Record<string, Refusal>;

/** The refusals of a request without credentials, beside that of a missing token. */
export const missing = {
  basic: refusal('missing_credentials', 401, 'There is no Authorization header with HTTP Basic.', basicRealm),
  digest: refusal(
    'missing_credentials',
    401,
    'There is no Authorization header with HTTP Digest.',
    'Digest realm="api"',
  ),
  key: ({ definition }: Requirement): Refusal => {
    const place = definition && 'name' in definition.place ? definition.place : undefined;
    return refusal('missing_key', 401, `There is no API key in the ${place?.in ?? ''} parameter ${place?.name ?? ''}.`);
  },
};

/** The refusal of a token that lacks a scope; the challenge names what is needed. */
export function insufficientScope(needed: readonly string[]): Refusal {
  const challenge = `${realm}, error="insufficient_scope", scope="${needed.join(' ')}"`;
  return refusal(
    'insufficient_scope',
    403,
    'The bearer token lacks the scope that this operation asks for.',
    challenge,
  );
}

/** How a token is refused for a reason, by default for the most common one of the status. */
export function refusalFor(status: number, reason: string | undefined, needed: readonly string[]): Refusal | undefined {
  const all = [...Object.values(refusals), insufficientScope(needed)].filter((each) => each.status === status);
  return reason === undefined ? all[0] : all.find((each) => each.reason === reason);
}

/** A document that has 401 alone tells of a revoked key by that. */
function statusForKeys({ statuses }: Operation): 401 | 403 {
  const isDocumented = (status: number): boolean => documentedStatus(statuses, status) !== undefined;
  return !isDocumented(403) && isDocumented(401) ? 401 : 403;
}

/** The documented answer of the status, with the example of the reason if there is one; the header is RFC 6750's. */
export async function refusalReply(
  sandbox: Sandbox,
  operation: Operation,
  { reason, example = reason, status: usual, message, challenge }: Refusal,
): Promise<Reply> {
  const status = usual === 403 && !challenge ? statusForKeys(operation) : usual;
  const { body, headers } =
    (await sandbox.answers.documented(operation, status, example, { why: message })) ?? jsonReply(status, { message });
  const kept = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'www-authenticate');
  const added = challenge === undefined ? {} : { 'WWW-Authenticate': challenge };
  return { status, headers: { ...Object.fromEntries(kept), ...added }, body };
}
