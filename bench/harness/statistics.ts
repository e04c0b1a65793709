/** What repetitions of one measurement gave. */
export interface Summary {
  minimum: number;
  median: number;
  maximum: number;
  /** How many repetitions. */
  samples: number;
}

export function summarize(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    minimum: sorted[0] ?? Number.NaN,
    median: median(sorted),
    maximum: sorted.at(-1) ?? Number.NaN,
    samples: sorted.length,
  };
}

/** @param share from 0 to 1: the share of the values that are no larger. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}
