import { afterFirstFifth, plot, slope } from './memory.ts';
import type { Load } from './load.ts';

/** By how much memory may grow after the first fifth; all bounds must be passed to be too much. */
const growth = { share: 0.2, mebibytes: 20, eachMinute: 5 };

/** Seconds from which on a run says something about memory: before, the journal fills and the process gets warm. */
const longEnough = 240;

/** What a run was, for people. */
export function describe(load: Load, journal: { counted: number; expected: number }): string {
  const sorted = load.milliseconds.toSorted((a, b) => a - b);
  const percentile = (share: number): string => `${(sorted[Math.ceil(sorted.length * share) - 1] ?? 0).toFixed(1)} ms`;
  const { first, last } = bounds(load);
  const rows = {
    requests: `${load.sent} sent, ${load.answered} answered, ${load.struck} of them struck by a fault`,
    rate: `${(load.answered / load.seconds).toFixed(1)} per second for ${load.seconds.toFixed(0)} s`,
    latency: `p50 ${percentile(0.5)}, p90 ${percentile(0.9)}, p99 ${percentile(0.99)}, max ${percentile(1)}`,
    memory: `${first.toFixed(1)} MiB after a fifth, ${last.toFixed(1)} MiB at the end`,
    growth: `${load.seconds < longEnough ? 'too short a run to judge it; ' : ''}${slope(afterFirstFifth(load.memory, load.seconds)).toFixed(2)} MiB per minute after the first fifth`,
    '': plot(load.memory.map(({ mebibytes }) => mebibytes)),
    journal: `${journal.counted} counted, ${journal.expected} expected`,
  };
  return Object.entries(rows)
    .map(([name, value]) => `${name.padEnd(9)} ${value}\n`)
    .join('');
}

/** What does not hold, in a sentence each. */
export function complaints(load: Load, journal: { counted: number; expected: number }): string[] {
  const { first, last } = bounds(load);
  const grown = last - first;
  // What a mock keeps is let go in steps, so that two samples alone say little.
  const rises = slope(afterFirstFifth(load.memory, load.seconds)) > growth.eachMinute;
  const tooMuch = load.seconds >= longEnough && rises && grown > growth.mebibytes && grown > first * growth.share;
  const wrong = load.wrong.length;
  return [
    ...(wrong > 0 ? [`${wrong} things went wrong, the first: ${load.wrong[0]}`] : []),
    ...(load.answered === load.sent ? [] : [`${load.sent - load.answered} requests were not answered.`]),
    ...(load.struck === load.faults ? [] : [`Faults were set for ${load.faults} requests, and struck ${load.struck}.`]),
    ...(journal.counted === journal.expected
      ? []
      : [`The journal counts ${journal.counted} requests, but ${journal.expected} were sent.`]),
    ...(tooMuch ? [`Memory grew by ${grown.toFixed(1)} MiB after the first fifth of the run.`] : []),
  ];
}

function bounds({ memory, seconds }: Load): { first: number; last: number } {
  const warm = afterFirstFifth(memory, seconds);
  return { first: warm[0]?.mebibytes ?? 0, last: warm.at(-1)?.mebibytes ?? 0 };
}
