import type { Operation } from '../../openapi/operations.ts';
import { documentedStatus } from '../../openapi/responses.ts';
import { limitOf, messageOf, statusOf } from '../../util/errors.ts';
import { parseAuthorization, type Authorization } from '../auth/authorization.ts';
import { admit, identifyCaller, type Presented } from '../auth/admit.ts';
import { answerWithFault } from '../faults/inject.ts';
import type { Habit } from '../findings/watches.ts';
import { answerFromPrism, checkCall, type Checked } from '../prism/respond.ts';
import { routeFinder } from '../routing/route.ts';
import type { Answered, RefusalReason } from '../state/journal.ts';
import type { ErrorStyle } from '../state/environment.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { habitsOf, identifyByCredentials, readTokenRequest } from '../token/client-authentication.ts';
import { OAuthError, oauthErrorReply } from '../token/oauth-error.ts';
import { answerTokenRequest, clinicInTokenUrl, publishedByIssuer } from '../token/token-endpoint.ts';
import { isOfReplica } from '../replica.ts';
import { recordOf } from './record.ts';
import { jsonReply, type Reply } from './reply.ts';
import type { MockAnswer, MockRequest, Route } from './request.ts';

/** The answer to a request, and what the journal says of both. */
export interface Handled extends Pick<MockAnswer, 'repeatableUntil'> {
  reply: Reply;
  record: Answered;
  habits?: readonly Habit[] | undefined;
}

/** Makes the handler that leads each request through the mock. It rejects with errors of a replica only. */
export function requestHandler(sandbox: Sandbox): (request: MockRequest) => Promise<Handled> {
  const findRoute = routeFinder(sandbox);
  const handled = (
    request: MockRequest,
    route: Route | undefined,
    answer: MockAnswer,
    claims = {},
    body?: Buffer,
    habits?: readonly Habit[],
  ): Handled => ({
    reply: answer.reply,
    habits,
    record: recordOf(sandbox, request, route, claims, answer, body),
    // Headers that nothing depends on are recorded as well.
    repeatableUntil: sandbox.recordsBodies ? undefined : answer.repeatableUntil,
  });

  return async (request) => {
    const wrong = mistakeIn(request);
    const published = wrong ? undefined : publishedByIssuer(sandbox, request);
    if (published) return handled(request, undefined, { reply: published });
    const route = findRoute(request);
    if ('reply' in route) {
      if (wrong)
        return handled(request, undefined, {
          reply: jsonReply(wrong.status, { message: wrong.message }),
          reason: wrong.reason,
        });
      const { reply, reason, near = [] } = route;
      const like = near.find(({ statuses }) => documentedStatus(statuses, reply.status) !== undefined);
      return handled(request, undefined, { reply: like ? await inForm(sandbox, request, like, reply) : reply, reason });
    }
    const { operation } = route;
    if (wrong) return handled(request, route, await refuse(sandbox, request, operation, wrong));
    try {
      const body = await request.readBody(operation);
      const checked = checkCall(sandbox, request, route, body);
      // A token needs no Prism, which takes long to load.
      if (!operation.issuesTokens) await sandbox.answers.load();

      const authorization = authorizationOf(request, route);
      const asked = operation.issuesTokens
        ? readTokenRequest(authorization, request.headers['content-type'], body)
        : undefined;
      const presented = { headers: request.headers, query: request.query, authorization };
      const identity = asked ? identifyByCredentials(sandbox, asked) : identifyCaller(sandbox, operation, presented);
      const { key, ...claims } = identity;
      const clinic = sandbox.fixtures.clinic((asked && clinicInTokenUrl(route)) ?? key?.clinic ?? '')?.id;

      const fault = request.strike ? await request.strike(operation, clinic) : sandbox.faults.strike(operation, clinic);
      const usual = async (): Promise<MockAnswer> =>
        asked
          ? answerTokenRequest(sandbox, route, asked, request.prefer, fault?.body === undefined)
          : answerCall(sandbox, request, route, presented, checked);
      const answer = fault ? await answerWithFault(sandbox, operation, fault, usual, request.wait) : await usual();

      const { violations } = checked;
      const habits = asked && habitsOf(sandbox, asked);
      return handled(request, route, answer, { ...claims, clinic, clientId: key?.clientId, violations }, body, habits);
    } catch (error) {
      if (isOfReplica(error)) throw error;
      const answer = failedAnswer(error, operation.issuesTokens ? sandbox.errorStyle : undefined);
      const isOwn = !operation.issuesTokens && answer.reply.status < 500;
      const reply = isOwn ? await inForm(sandbox, request, operation, answer.reply) : answer.reply;
      return handled(request, route, { ...answer, reply });
    }
  };
}

interface Mistake {
  status: number;
  message: string;
  reason: RefusalReason;
}

/** What HTTP itself has a server refuse (RFC 9110 section 10.1.1, RFC 9112 section 3.2), where Node does not. */
function mistakeIn({ hosts, headers: { expect = '100-continue' } }: MockRequest): Mistake | undefined {
  if (hosts > 1) return { status: 400, message: 'The request has more than one Host header.', reason: 'two_hosts' };
  if (expect.toLowerCase() === '100-continue') return undefined;
  return { status: 417, message: 'The mock meets no expectation but 100-continue.', reason: 'expectation' };
}

async function refuse(
  sandbox: Sandbox,
  request: MockRequest,
  operation: Operation,
  { status, message, reason }: Mistake,
): Promise<MockAnswer> {
  if (!operation.issuesTokens) {
    return { reply: await inForm(sandbox, request, operation, jsonReply(status, { message })), reason };
  }
  return { reply: oauthErrorReply(new OAuthError('invalid_request', message), sandbox.errorStyle), reason };
}

/** An error of the mock in the form that the document gives to it; as it is if that fails. */
function inForm({ answers }: Sandbox, { headers }: MockRequest, operation: Operation, reply: Reply): Promise<Reply> {
  return answers.worded(operation, reply, headers.accept).catch(() => reply);
}

/** Of two headers Node shows only the first, and another server on the way may read the second. */
function authorizationOf({ authorizations }: MockRequest, { operation }: Route): Authorization | undefined {
  const [first, ...others] = authorizations;
  if (others.length > 0 && !operation.issuesTokens) return { scheme: 'bearer', value: undefined };
  return first === undefined ? undefined : parseAuthorization(first);
}

async function answerCall(
  sandbox: Sandbox,
  request: MockRequest,
  route: Route,
  presented: Presented,
  checked: Checked,
): Promise<MockAnswer> {
  const admitted = await admit(sandbox, route.operation, presented);
  if ('reply' in admitted) return admitted;
  const clinic = admitted.key ? sandbox.fixtures.clinic(admitted.key.clinic) : sandbox.fixtures.ofOpen(route.operation);
  const answer = await answerFromPrism(sandbox, route, clinic, checked, request);
  const kept =
    clinic && request.query.size === 0 && sandbox.answers.kept(route.operation, clinic, request.headers.accept);
  return answer.reply === kept ? { ...answer, repeatableUntil: admitted.goodUntil } : answer;
}

/** Answers a request that cannot be read, or at which the mock failed. @param style for a token request. */
export function failedAnswer(error: unknown, style?: ErrorStyle): MockAnswer {
  // Express's body parser gives its errors a status.
  const status = statusOf(error);
  if (status === undefined || status < 400 || status >= 500) {
    const message = 'The mock failed; this is a defect in it.';
    return { reply: jsonReply(500, { message, reason: messageOf(error) }), reason: 'defect' };
  }
  let message = 'The body of the request cannot be read.';
  if (status === 413) message = `The body of the request is larger than ${limitOf(error) / 1024} KiB.`;
  if (status === 415) message = 'The Content-Encoding or the charset of the request is not supported.';
  if (!style) return { reply: jsonReply(status, { message }), reason: 'unreadable_body' };
  return { reply: oauthErrorReply(new OAuthError('invalid_request', message), style), reason: 'invalid_request' };
}
