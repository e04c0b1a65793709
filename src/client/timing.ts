import { TimeoutError } from './errors.ts';

/** Resolves after the milliseconds, or when the signal aborts. Leaves neither timer nor listener behind. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return within<void>(milliseconds, { signal }, () => new Promise(() => {})).catch(() => {});
}

/**
 * Limits work by a timeout and the caller's signal. Work that ignores its signal continues unnoticed.
 * @throws TimeoutError, or the reason of the caller's abort.
 */
export function within<T>(
  milliseconds: number,
  { operation, signal: callers }: { operation?: string; signal?: AbortSignal | undefined },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  // One promise and one timer, for each call pays for this.
  return new Promise((resolve, reject) => {
    callers?.throwIfAborted();
    const limit = Math.max(0, milliseconds);
    const timeout = new AbortController();
    const end = (): void => {
      clearTimeout(timer);
      // A signal with listeners is not collected.
      callers?.removeEventListener('abort', stop);
    };
    const stop = (): void => {
      end();
      timeout.abort(
        callers?.aborted ? callers.reason : new TimeoutError(`no answer within ${limit} ms`, { operation }),
      );
      reject(timeout.signal.reason);
    };
    const timer = setTimeout(stop, limit);
    callers?.addEventListener('abort', stop);
    work(timeout.signal).finally(end).then(resolve, reject);
  });
}

/**
 * Milliseconds to wait after a failed attempt: exponential back-off with full jitter, at most 500 ms after the first
 * attempt and 20 s after any, but at least what the service asks for, up to a minute.
 * @param attempt counts from 1.
 * @param retryAfter milliseconds.
 * @param random gives a number from 0 to 1.
 */
export function backOff(attempt: number, retryAfter: number, random: () => number): number {
  const jittered = random() * Math.min(20_000, 250 * 2 ** attempt);
  return Math.max(jittered, Math.min(60_000, retryAfter));
}

/**
 * Milliseconds that a `Retry-After` header asks to wait, by seconds or HTTP date (RFC 9110 section 10.2.3); undefined if
 * it is missing, past or invalid.
 */
export function readRetryAfter(header: string | null, now: number): number | undefined {
  const wait = Number(header) * 1000 || Date.parse(header ?? '') - now;
  return wait > 0 ? wait : undefined;
}
