/** Does something after so many milliseconds. Gives what calls it off. */
export type Schedule = (act: () => void, milliseconds: number) => () => void;

/** By the machine's timer, which keeps no process alive. */
export const scheduleByTimer: Schedule = (act, milliseconds) => {
  const timer = setTimeout(act, milliseconds).unref();
  return () => clearTimeout(timer);
};

/** Numbers from 0 up to, but not including, 1. */
export type Random = () => number;

/** The same numbers for the same seed (mulberry32): good enough to play with, and not for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How the token endpoint words its errors: as RFC 6749 asks, or as Amazon Cognito does. */
export type ErrorStyle = 'rfc6749' | 'cognito';

/**
 * A user's callback that can be called anywhere: what it throws, also later, is dropped, as the client drops it for
 * `onEvent`. No callback must touch an answer, the journal or the process.
 */
export function guarded<Values extends unknown[]>(
  callback: ((...values: Values) => unknown) | undefined,
): (...values: Values) => void {
  if (!callback) return () => {};
  return (...values) => {
    // An async function turns what the callback throws into a rejection, like that of an asynchronous callback.
    (async () => callback(...values))().catch(() => {});
  };
}
