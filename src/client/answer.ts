import { ForbiddenError, UnauthorizedError, UnexpectedResponseError } from './errors.ts';
import { excerptOf } from './redact.ts';
import { parseJson } from './request.ts';
import type { Answer, OperationRow } from './types.ts';

/** How the body of an answer is read: as text. */
export function asText(response: Response): { text(): Promise<string> } {
  return response;
}

/**
 * The body of a successful answer. Only the type of its top level is checked: a service may add fields at any time.
 * @throws UnauthorizedError, ForbiddenError, or UnexpectedResponseError for anything not in the specification.
 */
export function readJson({ answers }: OperationRow, { response, body, details, redact }: Answer): unknown {
  const { status, ok } = response;
  if (status === 401) throw new UnauthorizedError('unauthorized', details);
  if (status === 403) throw new ForbiddenError('forbidden', details);
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
