/** Numbers from 0 up to, but not including, 1. */
export type Random = () => number;

/**
 * The same numbers for the same seed (mulberry32): good enough to play with, and not for secrets.
 * @param drawn how many of them are left out.
 */
export function seededRandom(seed: number, drawn = 0): Random {
  let state = (seed + Math.imul(drawn, 0x6d2b79f5)) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from 0 up to, but not including, `end`. */
export function drawBelow(random: Random, end: number): number {
  return Math.floor(random() * end);
}

/** One of a list, the first for the lowest number; undefined where the list is empty. */
export function drawFrom<Item>(random: Random, list: readonly Item[]): Item | undefined {
  return list[drawBelow(random, list.length)];
}
