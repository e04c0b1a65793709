import { ForbiddenError, UnauthorizedError, UnexpectedResponseError } from './errors.ts';
import type { OperationRow } from './api-table.ts';
import { parseJson } from './parse-json.ts';
import { excerptOf } from './redact.ts';
import type { Answer } from './send.ts';

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
