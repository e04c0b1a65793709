import { TokenRefusedError, UnexpectedResponseError } from './errors.ts';
import type { Settings } from './options.ts';
import { buildRequest, parseJson, toSearch } from './request.ts';
import { send } from './send.ts';
import { within } from './timing.ts';
import { isToken, windowsOf, type StoredToken } from './token-store.ts';

/** A token in use. The object tells one generation from all others, even from one with the same text. */
interface Token {
  readonly value: string;
}

/** Gets bearer tokens and keeps each until shortly before its end. */
export interface TokenSource {
  /** The current token, at once where there is one. Callers that come while one is asked for wait for the same answer. */
  get(): Token | Promise<Token>;
  /** Forgets a token that the API refused, unless it has been replaced since: of several late refusals only one counts. */
  invalidate(rejected: Token): void;
}

/** Milliseconds until the next try after a renewal in the background failed. */
const pause = 30_000;

/** Life of a token in seconds where the endpoint does not say (RFC 6749 section 5.1 leaves `expires_in` optional). */
const assumedLife = 300;

/** The longest life in seconds that is believed; some endpoints mean milliseconds. */
const longestLife = 86_400;

const row = { method: 'POST', path: '', type: 'application/x-www-form-urlencoded' };

/** Asks for a token with client credentials (RFC 6749 section 4.4). Asking twice does no harm, so it is retried. */
async function requestToken(settings: Settings): Promise<StoredToken> {
  const { tokenUrl, clientId, clientSecret, scope, attempts, now, totalTimeout } = settings;
  const obtainedAt = now();
  const request = buildRequest(tokenUrl, row, {
    body: { grant_type: 'client_credentials', scope: scope || undefined },
  });
  // RFC 6749 section 2.3.1: id and secret are form-encoded before they are put into HTTP Basic.
  request.init.headers['authorization'] = `Basic ${btoa(toSearch({ [clientId]: clientSecret }).replace('=', ':'))}`;
  const task = { operation: 'token request', attempts, deadline: obtainedAt + totalTimeout, attempt: 1 };
  const { response, body, details, redact } = await send(settings, task, request);
  const fields: Partial<Record<string, unknown>> = parseJson(body) ?? {};
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

export function tokenSource(settings: Settings): TokenSource {
  const { tokenStore, now } = settings;
  const key = [settings.tokenUrl, settings.clientId, settings.scope].join(' ');
  let held: Token | undefined;
  // Of the token that is held.
  let renewAt: number;
  let requiredAt: number;
  let expiresAt: number;
  let refused: string | undefined;
  let renewal: Promise<Token> | undefined;

  const warnOfStore = (): void => {
    settings.onEvent({ type: 'warning', code: 'store_failed' });
  };

  /** What another client put into the store, if it is still fresh and not what the API has just refused. */
  async function stored(): Promise<StoredToken | undefined> {
    const work = async (): Promise<StoredToken | undefined> => tokenStore?.get(key);
    const token = await within(settings.attemptTimeout, { operation: 'token store' }, work);
    const usable = token && isToken(token.accessToken) && token.accessToken !== refused;
    return usable && now() < windowsOf(token)[0] ? token : undefined;
  }

  async function obtain(): Promise<Token> {
    const found = tokenStore && (await stored().catch(warnOfStore));
    const token = found ?? (await requestToken(settings));
    if (!found) {
      settings.onEvent({ type: 'token_renewed', expiresAt: token.expiresAt });
      // Nobody waits for the store.
      (async () => tokenStore?.set(key, token))().catch(warnOfStore);
    }
    [renewAt, requiredAt, expiresAt] = windowsOf(token);
    held = { value: token.accessToken };
    return held;
  }

  /** Belongs to nobody: no caller's signal or deadline ends it. */
  function renew(): Promise<Token> {
    renewal ??= obtain()
      .catch((error: unknown) => {
        if (!held || now() >= expiresAt) throw error;
        renewAt = now() + pause;
        settings.onEvent({ type: 'warning', code: 'renewal_failed' });
        return held;
      })
      .finally(() => {
        renewal = undefined;
      });
    return renewal;
  }

  return {
    get() {
      if (!held || now() >= requiredAt) return renew();
      // Where it fails, the next call that needs a token tells.
      if (now() >= renewAt) renew().catch(() => {});
      return held;
    },
    invalidate(rejected) {
      if (rejected !== held) return;
      refused = rejected.value;
      held = undefined;
    },
  };
}

/** Seconds. Some endpoints send digits in a string; what is not a positive number says nothing. */
export function readLife(value: unknown = 0): number {
  // By way of JSON, since an object need not have a value that it can be turned into.
  const life = Number(JSON.stringify(value).replaceAll('"', ''));
  return life > 0 ? Math.min(life, longestLife) : assumedLife;
}
