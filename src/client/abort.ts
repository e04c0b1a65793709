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
export async function within<T>(
  milliseconds: number,
  { operation, signal: callers }: { operation: string; signal?: AbortSignal | undefined },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  callers?.throwIfAborted();
  const limit = Math.max(0, Math.ceil(milliseconds));
  const timeout = AbortSignal.timeout(limit);
  const signal = callers ? AbortSignal.any([callers, timeout]) : timeout;
  let stop = (): void => {};
  try {
    const aborted = new Promise<never>((_, reject) => {
      stop = reject;
      signal.addEventListener('abort', stop);
    });
    return await Promise.race([work(signal), aborted]);
  } catch (error) {
    callers?.throwIfAborted();
    throw timeout.aborted ? new TimeoutError(`no answer within ${limit} ms`, { operation }) : error;
  } finally {
    // A signal that somebody listens to is not forgotten before its time.
    signal.removeEventListener('abort', stop);
  }
}
