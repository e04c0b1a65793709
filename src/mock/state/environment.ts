import { setTimeout as wait } from 'node:timers/promises';

/** Runs `act` after so many milliseconds. Returns a function that cancels it. */
export type Schedule = (act: () => void, milliseconds: number) => () => void;

/** By the machine's timer, which keeps no process alive. */
export const scheduleByTimer: Schedule = (act, milliseconds) => {
  const timer = setTimeout(act, milliseconds).unref();
  return () => clearTimeout(timer);
};

/** Waits so many milliseconds; the signal says that nothing waits for the end any more. */
export type Sleep = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** By the machine's timer, which keeps no process alive. */
export const sleepByTimer: Sleep = (milliseconds, signal) =>
  wait(milliseconds, undefined, { ref: false, signal }).catch(() => {});

/** The error format of the token endpoint: RFC 6749 or Amazon Cognito. */
export type ErrorStyle = 'rfc6749' | 'cognito';

/** Wraps a callback of the user: what it throws, also later, must not touch an answer, the journal or the process. */
export function guarded<Values extends unknown[]>(
  callback: ((...values: Values) => unknown) | undefined,
): (...values: Values) => void {
  if (!callback) return () => {};
  return (...values) => {
    // An async function turns a throw into a rejection.
    (async () => callback(...values))().catch(() => {});
  };
}

/** Adds an entry to a map that keeps at most `most`: the oldest is dropped for it. */
export function keepNewest<Key, Value>(map: Map<Key, Value>, most: number, key: Key, value: Value): void {
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= most) return;
    map.delete(oldest);
  }
}
