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

/**
 * The body of a successful answer, undefined where it is empty. Of its shape only the top level is checked: a service may
 * add fields whenever it likes.
 * @throws UnauthorizedError, ForbiddenError, or UnexpectedResponseError for all that the specification does not describe.
 */
export function readAnswer({ answers }: OperationRow, { response, body, details, redact }: Answer): unknown {
  const { status, ok } = response;
  if (status === 401) throw new UnauthorizedError('token refused', details);
  if (status === 403) throw new ForbiddenError('API key refused', details);
  const value = parseJson(body);
  const type = Array.isArray(value) ? 'array' : value === null ? 'null' : value === undefined ? 'text' : typeof value;
  // A success that is not documented is taken for one that is.
  const types = answers[status] ?? Object.values(answers).flat();
  if (ok && (types[0] ? types.includes(type) : value !== undefined || !body)) return value;
  throw new UnexpectedResponseError(`unexpected ${ok ? type : 'status'}`, {
    ...details,
    excerpt: excerptOf(body, redact),
  });
}
