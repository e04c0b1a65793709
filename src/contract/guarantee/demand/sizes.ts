import type { Sizes } from '../../../matching/demand.ts';

/** Both limits at once. */
export function tighten(limits: { min?: number | undefined; max?: number | undefined }, { least, most }: Sizes): Sizes {
  const tightest = Math.min(limits.max ?? Infinity, most ?? Infinity);
  return { least: Math.max(limits.min ?? 0, least), ...(tightest === Infinity ? {} : { most: tightest }) };
}

/** Whether a number of items or properties is within the limits. */
export function fits({ least, most }: Sizes, size: number): boolean {
  return size >= least && size <= (most ?? Infinity);
}
