import { ForbiddenError, UnauthorizedError, UnexpectedResponseError } from './errors.ts';
import type { Settings } from './options.ts';
import { excerptOf } from './redact.ts';
import { buildRequest, parseJson, type UntypedInput } from './request.ts';
import { send, type Answer, type Task } from './send.ts';
import { within } from './timing.ts';
import type { TokenSource } from './tokens.ts';
import type { Called, OperationRow } from './types.ts';

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
  // Not idempotent (RFC 9110 section 9.2.2).
  const attempts = /POST|PATCH/.test(row.method) ? 1 : settings.attempts;
  const task: Task = { operation, attempts, attempt: 1, deadline: now() + settings.totalTimeout, signal };
  for (let renewed = false; ; renewed = true) {
    const got = row.scopes ? tokens.get() : undefined;
    // Only the wait ends with the deadline; the token request continues for other callers.
    const token = got instanceof Promise ? await within(task.deadline - now(), task, () => got) : got;
    if (token) request.init.headers['authorization'] = `Bearer ${token.value}`;
    const answer = await send(settings, task, request);
    const { response } = answer;
    if (response.status !== 401 || renewed || !token) return { data: readAnswer(row, answer), response };
    // Once more with a new token, outside the attempts: a 401 means that nothing was done.
    tokens.invalidate(token);
  }
}

/**
 * The body of a successful answer. Only the type of its top level is checked: a service may add fields at any time.
 * @throws UnauthorizedError, ForbiddenError, or UnexpectedResponseError for anything not in the specification.
 */
export function readAnswer({ answers }: OperationRow, { response, body, details, redact }: Answer): unknown {
  const { status, ok } = response;
  if (status === 401) throw new UnauthorizedError('token refused', details);
  if (status === 403) throw new ForbiddenError('API key refused', details);
  const value = parseJson(body);
  const type = Array.isArray(value) ? 'array' : value === null ? 'null' : value === undefined ? 'text' : typeof value;
  // An undocumented success may have the type of any documented one.
  const types = answers[status] ?? Object.values(answers).flat();
  if (ok && (types[0] ? types.includes(type) : value !== undefined || !body)) return value;
  throw new UnexpectedResponseError(`unexpected ${ok ? type : 'status'}`, {
    ...details,
    excerpt: excerptOf(body, redact),
  });
}
