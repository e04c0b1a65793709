import { OAuthError } from './oauth-error.ts';

/**
 * Reads an `application/x-www-form-urlencoded` body strictly, so that a client's mistake is seen here and not in
 * production.
 * @throws OAuthError `invalid_request` if the body is something else or broken, or names a parameter twice.
 */
export function readForm(contentType: string | undefined, body: Buffer): Map<string, string> {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') {
    const found = type === undefined || type === '' ? 'no Content-Type' : 'another';
    throw new OAuthError(
      'invalid_request',
      `The Content-Type must be application/x-www-form-urlencoded; the request has ${found}.`,
    );
  }
  const form = new Map<string, string>();
  for (const pair of decodeUtf8(body).split('&')) {
    if (pair === '') continue;
    const at = pair.includes('=') ? pair.indexOf('=') : pair.length;
    const name = decodeFormPart(pair.slice(0, at));
    const value = decodeFormPart(pair.slice(at + 1));
    if (form.has(name)) throw new OAuthError('invalid_request', 'A parameter stands more than once in the form.');
    // RFC 6749 section 3.2: a parameter without a value counts as omitted.
    if (value !== '') form.set(name, value);
  }
  return form;
}

function decodeUtf8(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new OAuthError('invalid_request', 'The form is not UTF-8.');
  }
}

function decodeFormPart(part: string): string {
  try {
    return decodeURIComponent(part.replaceAll('+', ' '));
  } catch {
    throw new OAuthError('invalid_request', 'The form has a broken percent escape.');
  }
}
