import type { Key } from '../clinics/clinic.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { basicCredentials, type Credentials } from './basic-credentials.ts';
import { OAuthError } from './oauth-error.ts';

/**
 * Finds the key that a token request presents: by HTTP Basic, or in the form (RFC 6749 section 2.3.1).
 *
 * A revoked or expired key passes: only the API is documented to refuse it, with 403, and the token service is taken to
 * know nothing of the API's keys.
 * @param clinic whose token URL was asked, or undefined where the URL names none and the key alone tells.
 * @throws OAuthError `invalid_client` if there is no such key at this clinic, `invalid_request` if both ways are used.
 */
export function authenticateClient(
  sandbox: Sandbox,
  clinic: string | undefined,
  authorization: string | undefined,
  form: ReadonlyMap<string, string>,
): Key {
  const inForm = form.has('client_secret');
  if (authorization !== undefined && inForm) {
    throw new OAuthError('invalid_request', 'The client authenticates in two ways; use HTTP Basic alone.');
  }
  const presented = inForm ? formCredentials(form) : basicCredentials(authorization);
  const key = presented && presented.map((each) => findKey(sandbox, clinic, each)).find((found) => found !== undefined);
  if (key) return key;
  if (presented?.some((each) => isElsewhere(sandbox, each))) {
    const description = 'The secret is that of another sandbox of this mock; each has secrets of its own.';
    throw new OAuthError('invalid_client', description, 'other_sandbox');
  }
  throw new OAuthError(
    'invalid_client',
    presented
      ? 'The client is unknown at this token URL, or its secret is wrong.'
      : 'The client did not authenticate; send its id and secret by HTTP Basic.',
  );
}

function findKey(
  sandbox: Sandbox,
  clinic: string | undefined,
  { clientId, clientSecret }: Credentials,
): Key | undefined {
  const key = sandbox.keys.find(clientId);
  const here = clinic === undefined || key?.clinic === clinic;
  return here && key?.clientSecret === clientSecret ? key : undefined;
}

/** Whether another world of the mock has such a key, and this one has not. */
function isElsewhere({ keys, knowsKey }: Sandbox, credentials: Credentials): boolean {
  return keys.find(credentials.clientId)?.clientSecret !== credentials.clientSecret && knowsKey(credentials);
}

function formCredentials(form: ReadonlyMap<string, string>): Credentials[] {
  return [{ clientId: form.get('client_id') ?? '', clientSecret: form.get('client_secret') ?? '' }];
}

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
