import { TimeoutError } from './errors.ts';

/** Resolves after so many milliseconds, or when the signal aborts. Leaves neither timer nor listener behind. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener('abort', end);
  });
}

/**
 * Waits for work no longer than so many milliseconds, and no longer than the caller wants to. Work that does not look at
 * its signal goes on, and nobody hears of it.
 * @throws TimeoutError, or the reason of the caller's abort.
 */
export function within<T>(
  milliseconds: number,
  { operation, signal: callers }: { operation: string; signal?: AbortSignal | undefined },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  // One promise and one timer: each call pays for this.
  return new Promise((resolve, reject) => {
    callers?.throwIfAborted();
    const limit = Math.max(0, milliseconds);
    const timeout = new AbortController();
    const end = (): void => {
      clearTimeout(timer);
      // A signal that somebody listens to is not forgotten before its time.
      callers?.removeEventListener('abort', stop);
    };
    const stop = (): void => {
      end();
      reject(callers?.aborted ? callers.reason : new TimeoutError(`no answer within ${limit} ms`, { operation }));
      timeout.abort();
    };
    const timer = setTimeout(stop, limit);
    callers?.addEventListener('abort', stop);
    work(callers ? AbortSignal.any([callers, timeout.signal]) : timeout.signal)
      .finally(end)
      .then(resolve, reject);
  });
}
