import type { Operation } from '../../spec/operation.ts';
import { refusalFor } from '../auth/refusals.ts';
import { refuse } from '../bearer/refuse.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import type { Sandbox } from '../state/sandbox.ts';
import type { Fault } from './fault.ts';

/** What a fault answers by its status: as the mock itself would refuse a token, or else as the specification has it. */
export async function answerOf(
  sandbox: Sandbox,
  operation: Operation,
  { example }: Fault,
  status: number,
): Promise<Reply> {
  if (operation.statuses.includes(String(status))) {
    const { type, scopes = [] } = operation.security ?? {};
    const refusal = type === 'bearer' ? refusalFor(status, example, scopes) : undefined;
    if (refusal) return refuse(sandbox, operation, refusal);
    const documented = await sandbox.answers.documented(operation, status, example);
    if (documented) return documented;
  }
  return jsonReply(status, { message: `The mock was told to answer with ${status}.` });
}
