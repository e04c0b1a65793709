/** Whether this is `npm run test:long`, which also repeats what another test of `npm test` shows on other programs. */
export const isLong = process.env.TEST_LONG === 'true';

/** Milliseconds that suffice on a busy machine for what ends at once. What does not waits for a longer limit. */
export const soon = 5000;

/**
 * How many cases a property is tried with: as many as `npm test` needs to find what has been found by it, or all that
 * `npm run test:long` takes. The seed is the same, so the short run is the beginning of the long one.
 */
export function runs(short: number, long: number): number {
  return isLong ? long : short;
}
