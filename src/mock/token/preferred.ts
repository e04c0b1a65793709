import type { Operation } from '../../spec/operation.ts';
import { missingExample } from '../missing-example.ts';
import { noSuch } from '../no-such.ts';
import type { Preference } from '../prism/preference.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import type { Sandbox } from '../state/sandbox.ts';

/** The answer of another status that a good token request prefers; undefined where it prefers none but the usual. */
export async function preferredAnswer(
  sandbox: Sandbox,
  operation: Operation,
  preference: Preference | undefined,
): Promise<Reply | undefined> {
  const { code, example } = preference ?? {};
  if (preference === undefined || code === undefined || code === 200) return undefined;
  if (!operation.statuses.includes(String(code))) {
    return jsonReply(404, { message: noSuch('status', `${code} of ${operation.id}`, operation.statuses) });
  }
  return missingExample(sandbox, operation, preference) ?? sandbox.answers.documented(operation, code, example);
}
