import { within } from './timing.ts';
import type { OperationRow } from './api-table.ts';
import type { Called } from './client-of.ts';
import type { Settings } from './options.ts';
import { readAnswer } from './read-answer.ts';
import { buildRequest, type UntypedInput } from './request.ts';
import { send, type Task } from './send.ts';
import type { TokenSource } from './tokens.ts';

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
  const request = buildRequest(settings.baseUrl, row, input);
  // RFC 9110 section 9.2.2: what these do may not be done twice.
  const attempts = /POST|PATCH/.test(row.method) ? 1 : settings.attempts;
  const task: Task = { operation, attempts, attempt: 1, deadline: now() + settings.totalTimeout, signal };
  for (let renewed = false; ; renewed = true) {
    const got = row.scopes ? tokens.get() : undefined;
    // The wait ends with the caller's patience; the request for the token goes on for others.
    const token = got instanceof Promise ? await within(task.deadline - now(), task, () => got) : got;
    if (token) request.init.headers['authorization'] = `Bearer ${token.value}`;
    const answer = await send(settings, task, request);
    const { response } = answer;
    if (response.status !== 401 || renewed || !token) return { data: readAnswer(row, answer), response };
    // A new token, once, at once and outside the attempts: what is refused so was not done.
    tokens.invalidate(token);
  }
}
