import { readChunks, readJson, readText } from '../answer.ts';
import { RequestRefusedError, UnexpectedResponseError, type ErrorDetails } from '../errors.ts';
import { parseJson } from '../request.ts';
import type { Answer, OperationRow } from '../types.ts';

/** Bodies of answers that are no text. */
const blobs = new WeakMap<Response, Blob>();

const texts = /^$|json|^text\/|xml|urlencoded|javascript/i;

/** A body is read as text, or as bytes by its media type. */
export async function readTextOrBlob(response: Response, details: ErrorDetails): Promise<string> {
  const type = mediaTypeOf(response);
  if (!response.ok || texts.test(type)) return readText(response, details);
  blobs.set(response, new Blob(await readChunks(response, details), { type }));
  return '';
}

function mediaTypeOf({ headers }: Response): string {
  return headers.get('content-type') ?? '';
}

/**
 * The body of a successful answer: the value of JSON, a text, or a `Blob`.
 * @throws RequestRefusedError for a documented 4xx, and what `readJson` throws.
 */
export function readAny(row: OperationRow, answer: Answer): unknown {
  const { response, body, details } = answer;
  const { status, ok } = response;
  const documented = new Set([String(status), `${String(status)[0]}XX`, 'default']);
  const refused = status >= 400 && status !== 401 && status !== 403;
  if (refused && row.refusals?.some((each) => documented.has(each))) {
    const error = new RequestRefusedError('refused', details);
    throw Object.defineProperty(error, 'body', { value: parseJson(body) ?? body });
  }
  const blob = blobs.get(response);
  // A login page, or a file, in place of JSON is no answer, whatever JSON may be there.
  const isOther = row.accept !== undefined && !row.accept.includes('json');
  if (ok && isOther && !/json/i.test(mediaTypeOf(response)) && (blob ?? body)) return blob ?? body;
  if (blob) throw new UnexpectedResponseError(`unexpected ${blob.type || 'bytes'}`, details);
  return readJson(row, answer);
}
