import { ConnectionError, UnavailableError } from './errors.ts';
import type { Fetch } from './options.ts';

/**
 * Sends one request and returns its answer, whatever its status, except where waiting is the remedy.
 * @throws ConnectionError if no answer came, UnavailableError on 429 and 5xx, or the reason of the caller's abort.
 */
export async function send(fetch: Fetch, operation: string, url: string, init: RequestInit): Promise<Response> {
  const { signal } = init;
  let response: Response;
  try {
    // A redirect would carry the credentials on to a place that nobody checked.
    response = await fetch(url, { redirect: 'manual', ...init });
  } catch (error) {
    signal?.throwIfAborted();
    throw new ConnectionError(operation, { cause: error });
  }
  const { status } = response;
  if (status === 429 || status >= 500) {
    await response.body?.cancel();
    throw new UnavailableError({ operation, status });
  }
  return response;
}

/** The body of an answer as JSON, or undefined where it is none. */
export async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}
