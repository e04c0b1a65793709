import { ForbiddenError, UnauthorizedError, UnexpectedResponseError, type ErrorDetails } from './errors.ts';
import { excerptOf } from './redact.ts';
import { parseJson } from './request.ts';
import type { Answer, OperationRow } from './types.ts';

/** A body as text. */
export async function readText(response: Response, details: ErrorDetails): Promise<string> {
  const decoder = new TextDecoder();
  const chunks = await readChunks(response, details);
  return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('') + decoder.decode();
}

/** Larger bodies would take the memory of the program. */
const mostBytes = 64_000_000;

/** @throws UnexpectedResponseError for a body of more than 64 MB. */
export async function readChunks({ body }: Response, details: ErrorDetails): Promise<Uint8Array<ArrayBuffer>[]> {
  const reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> | undefined = body?.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (;;) {
    const value = (await reader?.read())?.value;
    if (!value) return chunks;
    chunks.push(value);
    size += value.length;
    if (size <= mostBytes) continue;
    reader?.cancel().catch(() => {});
    throw new UnexpectedResponseError('more than 64 MB', details);
  }
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
