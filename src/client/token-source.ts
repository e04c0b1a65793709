import { TokenRefusedError, UnexpectedResponseError } from './errors.ts';
import { readJson, send } from './send.ts';
import type { Settings } from './options.ts';

/** A token is renewed this many milliseconds before it ends, or after half of its life if that is later. */
const margin = 60_000;

/** Life of a token in seconds where the endpoint does not say (RFC 6749 leaves `expires_in` optional). */
const assumedLife = 300;

/** Gets bearer tokens with client credentials (RFC 6749 section 4.4) and keeps each until shortly before its end. */
export class TokenSource {
  readonly #settings: Settings;
  #token: { value: string; renewAt: number } | undefined;
  #renewal: Promise<string> | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** The current token. Callers that come while one is being asked for wait for the same answer. */
  async token(): Promise<string> {
    if (this.#token && this.#settings.now() < this.#token.renewAt) return this.#token.value;
    this.#renewal ??= this.#renew().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #renew(): Promise<string> {
    const { tokenUrl, clientId, clientSecret, scope, fetch, now } = this.#settings;
    const askedAt = now();
    const response = await send(fetch, operation, tokenUrl, {
      method: 'POST',
      headers: {
        Authorization: `Basic ${btoa(`${formEncode(clientId)}:${formEncode(clientSecret)}`)}`,
        'Content-Type': 'application/x-www-form-urlencoded',
        Accept: 'application/json',
      },
      body: new URLSearchParams({ grant_type: 'client_credentials', ...(scope === '' ? {} : { scope }) }).toString(),
    });
    const { value, life } = await readToken(response);
    this.#token = { value, renewAt: askedAt + life * 1000 - Math.min(margin, life * 500) };
    return value;
  }
}

const operation = 'token request';

async function readToken(response: Response): Promise<{ value: string; life: number }> {
  const { status } = response;
  const body = await readJson(response);
  const fields: Partial<Record<string, unknown>> = typeof body === 'object' && body !== null ? { ...body } : {};
  if (status >= 400) {
    throw new TokenRefusedError(status, typeof fields['error'] === 'string' ? fields['error'] : undefined);
  }
  const { access_token: value, expires_in: life } = fields;
  if (status !== 200 || typeof value !== 'string' || value === '') {
    throw new UnexpectedResponseError({ operation, status }, 'the answer holds no access token');
  }
  return { value, life: typeof life === 'number' && life > 0 ? life : assumedLife };
}

/** RFC 6749 section 2.3.1: id and secret are form-encoded before they are put into HTTP Basic. */
function formEncode(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}
