import { isUtf8 } from 'node:buffer';
import { nearest } from '../../util/did-you-mean.ts';
import { essence, isForm } from '../../util/media-type.ts';
import { basicCredentials, type Authorization, type ClientCredentials } from '../auth/authorization.ts';
import type { Identity } from '../auth/bearer.ts';
import type { Key } from '../clinics/clinic.ts';
import type { Habit } from '../findings/watches.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { OAuthError } from './oauth-error.ts';

export interface TokenRequest {
  form: ReadonlyMap<string, string>;
  mistake: OAuthError | undefined;
  authentication: 'basic' | 'form' | undefined;
  credentials: ClientCredentials[] | undefined;
}

/** Reads a token request, for the journal and for the answer. */
export function readTokenRequest(
  authorization: Authorization | undefined,
  contentType: string | undefined,
  body: Buffer,
): TokenRequest {
  const { form, mistake } = readForm(contentType, body);
  const clientSecret = form.get('client_secret');
  if (clientSecret === undefined) {
    const credentials = authorization && basicCredentials(authorization);
    return { form, mistake, authentication: authorization && 'basic', credentials };
  }
  const twice = authorization
    ? new OAuthError('invalid_request', 'The client authenticates in two ways; use HTTP Basic alone.')
    : undefined;
  const credentials = [{ clientId: form.get('client_id') ?? '', clientSecret }];
  return { form, mistake: mistake ?? twice, authentication: 'form', credentials };
}

/** The key whose id a token request presents, whatever the secret. */
export function identifyByCredentials({ keys }: Sandbox, { authentication, credentials = [] }: TokenRequest): Identity {
  const [key] = credentials.flatMap(({ clientId }) => keys.find(clientId) ?? []);
  return { key, authentication };
}

/**
 * Finds the key that a token request presents (RFC 6749 section 2.3.1). A revoked or expired key passes: only the API
 * is documented to refuse it, with 403.
 * @param clinic of the token URL, if it names one.
 * @throws OAuthError `invalid_client` if the clinic has no such key.
 */
export function authenticateClient(
  { keys, knowsKey }: Sandbox,
  clinic: string | undefined,
  { credentials }: TokenRequest,
): Key {
  for (const { clientId, clientSecret } of credentials ?? []) {
    const key = keys.find(clientId);
    if (key?.clientSecret === clientSecret && (clinic === undefined || key.clinic === clinic)) return key;
  }
  // Another world of the mock may have such a key where this one has not.
  if (credentials?.some((each) => keys.find(each.clientId)?.clientSecret !== each.clientSecret && knowsKey(each))) {
    const description = 'The secret is that of another sandbox of this mock; each has secrets of its own.';
    throw new OAuthError('invalid_client', description, 'other_sandbox');
  }
  throw new OAuthError(
    'invalid_client',
    credentials
      ? 'The client is unknown at this token URL, or its secret is wrong.'
      : 'The client did not authenticate; send its id and secret by HTTP Basic.',
  );
}

/** What another token endpoint would refuse or overlook in a token request that this one answers. */
export function habitsOf({ keys }: Sandbox, { form, authentication, credentials = [] }: TokenRequest): Habit[] {
  const habits: Habit[] = [];
  const named = form.get('client_id');
  const inBasic = authentication === 'basic' ? credentials : [];
  if (inBasic.length > 0 && named !== undefined && inBasic.every(({ clientId }) => clientId !== named)) {
    habits.push('mixed-up-credentials');
  }
  if ([...form.keys()].some((name) => !parameters.includes(name) && nearest(name, parameters) !== undefined)) {
    habits.push('misspelt-parameter');
  }
  const [raw, decoded] = inBasic;
  const isOther = raw?.clientId !== decoded?.clientId || raw?.clientSecret !== decoded?.clientSecret;
  if (raw && isOther && keys.find(raw.clientId)?.clientSecret === raw.clientSecret) habits.push('basic-not-encoded');
  return habits;
}

/** The parameters of a token request (RFC 6749 sections 2.3.1 and 4.4.2). */
const parameters = ['grant_type', 'scope', 'client_id', 'client_secret'];

/** Reads a form as far as possible, and reports the first mistake: better here than in production. */
function readForm(contentType = '', body: Buffer): Pick<TokenRequest, 'form' | 'mistake'> {
  const form = new Map<string, string>();
  let mistake: OAuthError | undefined;
  const complain = (description: string): void => {
    mistake ??= new OAuthError('invalid_request', description);
  };
  const decode = (part: string): string => {
    try {
      return decodeURIComponent(part.replaceAll('+', ' '));
    } catch {
      complain('The form has a broken percent escape.');
      return part;
    }
  };
  if (!isForm(contentType)) {
    const found = essence(contentType) === '' ? 'no Content-Type' : 'another';
    complain(`The Content-Type must be application/x-www-form-urlencoded; the request has ${found}.`);
  }
  if (!isUtf8(body)) complain('The form is not UTF-8.');
  for (const pair of new TextDecoder().decode(body).split('&')) {
    if (pair === '') continue;
    const at = pair.includes('=') ? pair.indexOf('=') : pair.length;
    const name = decode(pair.slice(0, at));
    const value = decode(pair.slice(at + 1));
    if (form.has(name)) complain('A parameter stands more than once in the form.');
    // RFC 6749 section 3.2: a parameter without a value counts as omitted.
    else if (value !== '') form.set(name, value);
  }
  return { form, mistake };
}
