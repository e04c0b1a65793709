import type { TokenSource } from './auth/token-store.ts';
import type { Settings } from './options.ts';
import { answerOf, requestFor } from './parts.ts';
import { send, type Task } from './send.ts';
import { within } from './timing.ts';
import type { Called, OperationRow, UntypedInput } from './types.ts';

/** Calls an operation and returns the body of its successful answer, with every field that the service sent. */
export async function call(
  settings: Settings,
  tokens: TokenSource,
  operation: string,
  row: OperationRow,
  input: UntypedInput,
): Promise<Called<unknown>> {
  const { now } = settings;
  const { signal } = input;
  signal?.throwIfAborted();
  const request = requestFor(settings.baseUrl, row, input);
  // Not idempotent (RFC 9110 section 9.2.2).
  const attempts = /POST|PATCH/.test(row.method) ? 1 : settings.attempts;
  const task: Task = { operation, attempts, attempt: 1, deadline: now() + settings.totalTimeout, signal };
  for (let renewed = false; ; renewed = true) {
    const got = row.scopes && tokens.get(row, request, signal);
    // Only the wait ends with the deadline; the token request continues for other callers.
    const token = got instanceof Promise ? await within(task.deadline - now(), task, () => got) : got;
    if (token) request.init.headers['authorization'] = `Bearer ${token.value}`;
    const answer = await send(settings, task, request);
    const { response } = answer;
    if (response.status !== 401 || renewed || !token) return { data: answerOf(row, answer), response };
    // Once more with a new token, outside the attempts: a 401 means that nothing was done.
    tokens.invalidate(token);
  }
}
