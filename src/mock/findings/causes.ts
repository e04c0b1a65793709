import { insufficientScope, refusals } from '../auth/refusals.ts';
import type { FaultKind } from '../faults/faults.ts';
import type { RefusalReason } from '../state/journal.ts';
import { rules } from './rules.ts';
import type { Severity } from './watches.ts';

/** What has to be changed so that it does not happen again. */
export type Whose = 'program' | 'fixture' | 'specification' | 'mock';

/** What is said of a cause. */
export interface CauseEntry {
  kind: 'finding' | 'refusal' | 'fault';
  severity: Severity;
  /** One sentence. */
  happened: string;
  whose: Whose;
  /** What to do; default: what the requirement of openapi/client-rules says. */
  remedy?: string;
  /** Where it is documented, beside the vendor's own statement; default: as the requirement. */
  source?: string;
  /** The rule of findings that says the same; the finding stands for the refusal. */
  rule?: string;
  /** The requirement of openapi/client-rules that says what a program does then. */
  requirement?: string;
}

/** Causes that an entry of the journal shows without a reason of its own. */
export type ShownCause =
  | 'violation'
  | 'not_acceptable'
  | 'given_answer'
  | 'no_success_documented'
  | 'connection_lost'
  | 'fault_prefer';

export type CauseCode = RefusalReason | ShownCause | `fault_${FaultKind}`;

function refused(
  happened: string,
  whose: Whose,
  does: Partial<Pick<CauseEntry, 'remedy' | 'source' | 'requirement' | 'rule'>>,
): CauseEntry {
  return { kind: 'refusal', severity: 'error', happened, whose, ...does };
}

/** How a finding's rule says what to do. */
function asRule(wanted: string): Pick<CauseEntry, 'remedy' | 'source' | 'requirement'> {
  const { remedy = '', source = '', requirement = '' } = rules.find(({ id }) => id === wanted) ?? {};
  return { remedy, source, requirement };
}

const askAdministrator = asRule('retried-after-forbidden');
const byBasic = { ...asRule('secret-in-form'), source: 'RFC 6749 section 2.3.1' };
const tokenForm = { requirement: 'token-request-form' };
const ownCredentials = {
  remedy: 'Take id and secret of one key of this clinic, as the mock prints them at its start, for its own token URL.',
  source: 'RFC 6749 section 5.2',
};
const newToken = { requirement: 'unauthorized-renewed' };
const documentedPath = {
  remedy: 'Use a method and a path of the document, after the base URL of its server.',
  source: 'the paths of the specification',
};
const http = { remedy: 'Send the request as HTTP asks for it, by a library.', source: 'RFC 9110 and RFC 9112' };
const { message: noScope } = insufficientScope([]);
const clinicInPath = rules.find(({ id }) => id === 'clinic-in-path');

function faulted(happened: string, does: Pick<CauseEntry, 'remedy' | 'source' | 'requirement'>): CauseEntry {
  return { kind: 'fault', severity: 'info', happened: `A fault that was set ${happened}.`, whose: 'mock', ...does };
}

const report = (thing: string): { requirement: string } => ({ requirement: `${thing}-reported` });

/** Each cause but the rules of findings, which say it themselves; `explain` takes both. */
export const causes: Readonly<Record<CauseCode, CauseEntry>> = {
  missing_token: refused(refusals.missing_token.message, 'program', {
    remedy: 'Ask the token URL for a token, and send it as Authorization: Bearer TOKEN.',
    source: 'RFC 6750 section 2.1',
  }),
  invalid_token: refused(refusals.invalid_token.message, 'program', newToken),
  expired_token: refused(refusals.expired_token.message, 'program', {
    ...asRule('expired-token-used'),
    rule: 'expired-token-used',
  }),
  insufficient_scope: refused(noScope, 'program', tokenForm),
  missing_credentials: refused('The request has no credentials in its Authorization header.', 'program', {
    remedy: 'Send id and secret in the Authorization header, by the scheme of the document.',
    source: 'RFC 7617 (HTTP Basic), RFC 7616 (Digest)',
  }),
  invalid_credentials: refused(refusals.invalid_credentials.message, 'program', ownCredentials),
  missing_key: refused('The request has no API key where the document wants it.', 'program', {
    remedy: 'Send the key in the header, query or cookie that the security scheme of the document names.',
    source: 'the security schemes of the specification',
  }),
  invalid_key: refused(refusals.invalid_key.message, 'program', ownCredentials),
  unknown_key: refused(refusals.unknown_key.message, 'fixture', askAdministrator),
  revoked_key: refused(refusals.revoked_key.message, 'fixture', askAdministrator),
  expired_key: refused(refusals.expired_key.message, 'fixture', askAdministrator),
  other_sandbox: refused('The credentials or the token are those of another sandbox of this mock.', 'program', {
    remedy: 'Use URL, token URL and secrets of one sandbox together: each has its own.',
    source: 'docs/control.md, Sandboxes',
  }),
  invalid_request: refused('The token request cannot be read as RFC 6749 has it.', 'program', tokenForm),
  invalid_client: refused('The token URL does not know the client, or its secret is wrong or missing.', 'program', {
    ...byBasic,
    remedy: `${ownCredentials.remedy} ${byBasic.remedy}`,
  }),
  invalid_scope: refused(
    'The token request has no scope, or one that the document does not have.',
    'program',
    tokenForm,
  ),
  unsupported_grant_type: refused('The token request asks for another grant.', 'program', tokenForm),
  unknown_clinic: refused('The token URL names a clinic that the mock does not have.', 'program', {
    remedy: 'Use the token URL that belongs to the credentials; GET /_mock/credentials lists all.',
    source: 'docs/control.md',
  }),
  unknown_path: refused('No operation of the specification has the path.', 'program', documentedPath),
  clinic_in_path: refused(clinicInPath?.message ?? '', 'program', {
    ...asRule('clinic-in-path'),
    rule: 'clinic-in-path',
  }),
  wrong_method: refused('No operation of the path has the method.', 'program', documentedPath),
  two_hosts: refused('The request has more than one Host header.', 'program', http),
  expectation: refused('The request expects something other than 100-continue.', 'program', http),
  unreadable: refused(
    'The request is not HTTP that can be read, is too large, or did not come to its end.',
    'program',
    http,
  ),
  unreadable_body: refused('The body is too large, or is not what Content-Type and Content-Encoding say.', 'program', {
    remedy: 'Send a body of at most 1 MiB in the media type and the encoding that its headers name.',
    source: 'RFC 9110 sections 8.3, 8.4 and 15.5.14',
  }),
  defect: refused('The mock failed at this request.', 'mock', {
    remedy: 'Report it with the request and the reason in the answer.',
    source: 'docs/errors.md',
  }),
  violation: refused('The request violates the specification.', 'program', {
    remedy: 'Correct the request: the document says what the operation takes.',
    source: 'the parameters and the body of the operation in the specification',
  }),
  not_acceptable: refused('The Accept header allows no media type that the document has for this answer.', 'program', {
    remedy: 'Accept a documented media type, or omit the header.',
    source: 'RFC 9110 section 12.5.1 and the responses of the specification',
  }),
  given_answer: refused(
    'The answer with this status is that of the clinic: its file, its cases or its items.',
    'fixture',
    {
      remedy: 'Ask for what the clinic has, or change its file.',
      source: 'docs/clinics.md',
    },
  ),
  no_success_documented: refused('The document has no success for this operation.', 'specification', {
    remedy: 'Describe a success, or give the clinic an answer with a status.',
    source: 'the responses of the specification',
  }),
  connection_lost: refused('The connection ended before the answer was whole.', 'program', {
    remedy: 'Wait for the whole answer: a time limit may be shorter than the answer takes.',
    source: 'RFC 9112 section 9.5',
  }),
  fault_prefer: {
    kind: 'fault',
    severity: 'info',
    happened: 'The request itself asks for another answer, by Prefer or in the query.',
    whose: 'program',
    remedy: 'Omit that for the usual answer.',
    source: 'docs/faults.md, Per request',
  },
  fault_reset: faulted('resets the connection', report('reset')),
  fault_close: faulted('closes the connection without an answer', report('reset')),
  fault_truncate: faulted('sends half of the body', report('truncated-answer')),
  fault_garbage: faulted('sends random bytes in the place of the body', report('truncated-answer')),
  fault_slow: faulted('sends the body byte by byte', { requirement: 'time-limit' }),
  fault_chunked: faulted('sends the body without its length', {
    remedy: 'Read the body to its end, whether or not its length is told.',
    source: 'RFC 9112 section 7.1',
  }),
  fault_unauthorized: faulted('answers 401, as to a token that is no longer good', newToken),
  fault_forbidden: faulted('answers 403, as to a revoked key', askAdministrator),
  fault_too_many_requests: faulted('answers 429', { requirement: 'retry-after-honoured' }),
  fault_unavailable: faulted('answers 503', { requirement: 'unavailable-retried' }),
  fault_redirect: faulted('redirects the request', { requirement: 'redirect-credentials' }),
  fault_status: faulted('answers with another status', {
    remedy: 'Treat the status as the document says, and as a failure otherwise.',
    source: 'RFC 9110 section 15',
  }),
  fault_body: faulted('sends another body', report('other-type')),
  fault_content_type: faulted('names another content type', report('other-type')),
  fault_expires_in: faulted('tells another lifetime of the token', { requirement: 'expires-in-short' }),
  fault_headers: faulted('adds or changes headers', {
    remedy: 'Heed the headers that the document and HTTP define, and ignore others.',
    source: 'RFC 9110 section 5.1',
  }),
  fault_delay: faulted('holds the answer back', { requirement: 'time-limit' }),
};
