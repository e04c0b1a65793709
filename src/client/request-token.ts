import { TokenRefusedError, UnexpectedResponseError } from './errors.ts';
import type { Settings } from './options.ts';
import { parseJson } from './parse-json.ts';
import { buildRequest, toSearch } from './request.ts';
import { send } from './send.ts';
import { isToken, type StoredToken } from './token-store.ts';

/** Life of a token in seconds where the endpoint does not say (RFC 6749 section 5.1 leaves `expires_in` optional). */
const assumedLife = 300;

/** The longest life in seconds that is believed; some endpoints mean milliseconds. */
const longestLife = 86_400;

const row = { method: 'POST', path: '', type: 'application/x-www-form-urlencoded' };

/** Asks for a token with client credentials (RFC 6749 section 4.4). Asking twice does no harm, so it is retried. */
export async function requestToken(settings: Settings): Promise<StoredToken> {
  const { tokenUrl, clientId, clientSecret, scope, attempts, now, totalTimeout } = settings;
  const obtainedAt = now();
  const request = buildRequest(tokenUrl, row, {
    body: { grant_type: 'client_credentials', scope: scope || undefined },
  });
  // RFC 6749 section 2.3.1: id and secret are form-encoded before they are put into HTTP Basic.
  request.init.headers['authorization'] = `Basic ${btoa(toSearch({ [clientId]: clientSecret }).replace('=', ':'))}`;
  const task = { operation: 'token request', attempts, deadline: obtainedAt + totalTimeout, attempt: 1 };
  const { response, body, details, redact } = await send(settings, task, request);
  const fields: Partial<Record<string, unknown>> = Object(parseJson(body));
  if (response.status >= 400) {
    const error = redact(fields['error']);
    throw new TokenRefusedError(`refused: ${error ?? 'no reason'}`, {
      ...details,
      error,
      errorDescription: redact(fields['error_description']),
      errorUri: redact(fields['error_uri']),
    });
  }
  const { access_token: accessToken, token_type: type = 'Bearer', expires_in: life } = fields;
  if (!response.ok || !isToken(accessToken) || !/^"bearer"$/i.test(JSON.stringify(type))) {
    throw new UnexpectedResponseError('no bearer token', details);
  }
  return { accessToken, obtainedAt, expiresAt: obtainedAt + readLife(life) * 1000 };
}

/** Seconds. Some endpoints send digits in a string; what is not a positive number says nothing. */
export function readLife(value: unknown = 0): number {
  // By way of JSON, since an object need not have a value that it can be turned into.
  const life = Number(JSON.stringify(value).replaceAll('"', ''));
  return life > 0 ? Math.min(life, longestLife) : assumedLife;
}
