import type { Operation } from '../../openapi/operations.ts';
import { documentedStatus } from '../../openapi/responses.ts';
import { parseObject } from '../../util/json.ts';
import { neededScopes } from '../auth/admit.ts';
import { refusalFor, refusalReply } from '../auth/refusals.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import type { MockAnswer, MockRequest } from '../http/request.ts';
import type { Sandbox } from '../state/sandbox.ts';
import type { Fault, SetFault } from './faults.ts';

/** Answers a request that a fault strikes. */
export async function answerWithFault(
  sandbox: Sandbox,
  operation: Operation,
  fault: SetFault,
  usual: () => Promise<MockAnswer>,
  wait: MockRequest['wait'],
): Promise<MockAnswer> {
  if (fault.delay && 'milliseconds' in fault.delay) await wait(fault.delay.milliseconds);
  const answer =
    fault.status === undefined ? await usual() : { reply: await replyOf(sandbox, operation, fault, fault.status) };
  return { ...answer, reply: { ...change(answer.reply, fault), delivery: fault.delivery }, fault: fault.id };
}

function change(reply: Reply, { headers = {}, body, contentType, expiresIn }: Fault): Reply {
  const type = contentType === undefined ? {} : { 'Content-Type': contentType };
  const kept = Object.entries(reply.headers).filter(
    ([name]) => contentType === undefined || name.toLowerCase() !== 'content-type',
  );
  const changed = { ...reply, headers: { ...Object.fromEntries(kept), ...type, ...headers } };
  if (body !== undefined) return { ...changed, body: typeof body === 'string' ? body : JSON.stringify(body) };
  if (expiresIn === undefined || reply.status !== 200 || reply.body === undefined) return changed;
  // JSON leaves out what is undefined.
  return { ...changed, body: JSON.stringify({ ...parseObject(reply.body), expires_in: expiresIn ?? undefined }) };
}

/** The answer of a status: as the mock itself refuses a token, or as the specification documents it. */
async function replyOf(sandbox: Sandbox, operation: Operation, { example }: Fault, status: number): Promise<Reply> {
  if (documentedStatus(operation.statuses, status) !== undefined) {
    const scopes = neededScopes(operation);
    const refusal = scopes && refusalFor(status, example, scopes);
    if (refusal) return refusalReply(sandbox, operation, refusal);
    const documented = await sandbox.answers.documented(operation, status, example);
    if (documented) return documented;
  }
  return jsonReply(status, { message: `The mock was told to answer with ${status}.` });
}
