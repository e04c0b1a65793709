import { TokenRefusedError, UnexpectedResponseError } from '../errors.ts';
import type { Settings } from '../options.ts';
import { buildPlainRequest, parseJson } from '../request.ts';
import { send } from '../send.ts';
import { within } from '../timing.ts';
import type { OAuthOptions } from './oauth.ts';
import { isToken, windowsOf, type StoredToken, type Token, type TokenSource } from './token-store.ts';

/** Requests a token with client credentials (RFC 6749 section 4.4). The request is idempotent, so it is retried. */
async function requestToken(settings: Settings & OAuthOptions, signal: AbortSignal): Promise<StoredToken> {
  const { tokenUrl, clientId, clientSecret, scope, attempts, now, totalTimeout } = settings;
  const obtainedAt = now();
  const request = buildPlainRequest(tokenUrl, { method: 'POST', path: '' });
  request.init.body = String(new URLSearchParams({ grant_type: 'client_credentials', ...(scope && { scope }) }));
  // Form-encoded before Basic (RFC 6749 section 2.3.1).
  const authorization = `Basic ${btoa(String(new URLSearchParams({ [clientId]: clientSecret })).replace('=', ':'))}`;
  Object.assign(request.init.headers, { 'content-type': 'application/x-www-form-urlencoded', authorization });
  const task = { operation: 'token request', attempts, attempt: 1, deadline: obtainedAt + totalTimeout, signal };
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

export function tokenSource(settings: Settings & OAuthOptions): TokenSource {
  const { tokenStore, now } = settings;
  const key = [settings.tokenUrl, settings.clientId, settings.scope].join(' ');
  let held: Token | undefined;
  let renewAt: number;
  let requiredAt: number;
  let expiresAt: number;
  let refused: string | undefined;
  let renewal: Promise<Token> | undefined;
  /** What ends the renewal, and the signals of those that wait for it. */
  let end: AbortController;
  let callers: (AbortSignal | undefined)[];

  const warnOfStore = (): void => {
    settings.onEvent({ type: 'warning', code: 'store_failed' });
  };

  /** The token in the store, if it is fresh and not refused. */
  async function stored(): Promise<StoredToken | undefined> {
    const work = async (): Promise<StoredToken | undefined> => tokenStore?.get(key);
    const token = await within(settings.attemptTimeout, end, work);
    const usable = token && isToken(token.accessToken) && token.accessToken !== refused;
    return usable && now() < windowsOf(token)[0] ? token : undefined;
  }

  async function obtain(): Promise<Token> {
    const found = tokenStore && (await stored().catch(warnOfStore));
    const token = found ?? (await requestToken(settings, end.signal));
    if (!found) {
      settings.onEvent({ type: 'token_renewed', expiresAt: token.expiresAt });
      // Not awaited.
      (async () => tokenStore?.set(key, token))().catch(warnOfStore);
    }
    [renewAt, requiredAt, expiresAt] = windowsOf(token);
    held = { value: token.accessToken };
    return held;
  }

  /** No caller's deadline ends it, and its signal only if no other caller waits. */
  function renew(signal?: AbortSignal): Promise<Token> {
    if (!renewal) {
      end = new AbortController();
      callers = [];
      renewal = obtain()
        .catch((error: unknown) => {
          if (!held || now() >= expiresAt || end.signal.aborted) throw error;
          renewAt = now() + 30_000;
          settings.onEvent({ type: 'warning', code: 'renewal_failed' });
          return held;
        })
        .finally(() => {
          renewal = undefined;
          for (const each of callers) each?.removeEventListener('abort', leave);
        });
    }
    callers.push(signal);
    signal?.addEventListener('abort', leave);
    return renewal;
  }

  const isUnwanted = (): boolean => callers.every((each) => each?.aborted);

  /** The next caller may come soon, but the process must not live on for a token that no one wants. */
  function leave(): void {
    if (!isUnwanted()) return;
    setTimeout(() => {
      if (isUnwanted()) end.abort();
    }, 1000);
  }

  return {
    get(_row, _request, signal) {
      if (!held || now() >= requiredAt) return renew(signal);
      // A failure shows in the next call that needs a token.
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

/**
 * Seconds. Some endpoints send digits in a string, some milliseconds: at most a day. Five minutes without `expires_in`, which
 * RFC 6749 section 5.1 leaves optional.
 */
export function readLife(value: unknown = 0): number {
  // By JSON, since not every object can be converted to a number.
  const life = Number(JSON.stringify(value).replaceAll('"', ''));
  return life > 0 ? Math.min(life, 86_400) : 300;
}
