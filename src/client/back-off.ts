/** The upper bound of a wait, in milliseconds: this, doubled once for each attempt so far. */
const base = 250;

/** No wait is longer, in milliseconds, whatever the back-off. */
const longestBackOff = 20_000;

/** No wait that a service asks for is longer, in milliseconds. */
const longestRetryAfter = 60_000;

/**
 * Milliseconds to wait after a failed attempt: exponential back-off with full jitter, so that many clients do not come
 * back together, and at least what the service asked for, up to a minute.
 * @param attempt counts from 1.
 * @param retryAfter milliseconds.
 * @param random gives a number from 0 to 1.
 */
export function backOff(attempt: number, retryAfter: number, random: () => number): number {
  const jittered = random() * Math.min(longestBackOff, base * 2 ** attempt);
  return Math.max(jittered, Math.min(longestRetryAfter, retryAfter));
}

/**
 * Milliseconds that a `Retry-After` header asks to wait: seconds or an HTTP date (RFC 9110 section 10.2.3). Undefined
 * where it is missing, past, or neither.
 */
export function readRetryAfter(header: string | null, now: number): number | undefined {
  const wait = Number(header) * 1000 || Date.parse(header ?? '') - now;
  return wait > 0 ? wait : undefined;
}
