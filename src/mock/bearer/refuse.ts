import type { Operation } from '../../spec/operation.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import type { Sandbox } from '../state/sandbox.ts';
import type { Refusal } from '../auth/refusals.ts';

/** The specification's own answer for the status, its example for the reason if it has one; the header is RFC 6750's. */
export async function refuse(sandbox: Sandbox, operation: Operation, refusal: Refusal): Promise<Reply> {
  const { reason, example = reason, status, message, challenge } = refusal;
  const documented = await sandbox.answers.documented(operation, status, example);
  const { body, headers } = documented ?? jsonReply(status, { message });
  const kept = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'www-authenticate');
  const added = challenge === undefined ? [] : [['WWW-Authenticate', challenge]];
  return { status, headers: Object.fromEntries([...kept, ...added]), body };
}
