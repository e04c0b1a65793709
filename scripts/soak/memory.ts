import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How much memory a process had, and when. */
export interface Sample {
  /** Since the beginning. */
  seconds: number;
  mebibytes: number;
}

/** The memory that a process holds at present, in MiB. */
export function residentMemory(pid: number): number {
  if (process.platform !== 'linux') {
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
  }
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

/** The samples after the first fifth of a run, in which a process gets warm. */
export function afterFirstFifth(samples: readonly Sample[], seconds: number): Sample[] {
  return samples.filter((sample) => sample.seconds >= seconds / 5);
}

/** By how many MiB memory grew each minute, by least squares. */
export function slope(samples: readonly Sample[]): number {
  const minutes = mean(samples.map(({ seconds }) => seconds / 60));
  const level = mean(samples.map(({ mebibytes }) => mebibytes));
  let both = 0;
  let squares = 0;
  for (const { seconds, mebibytes } of samples) {
    both += (seconds / 60 - minutes) * (mebibytes - level);
    squares += (seconds / 60 - minutes) ** 2;
  }
  return squares === 0 ? 0 : both / squares;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
}

/** Values as one line of blocks, the lowest as the lowest block. */
export function plot(values: readonly number[]): string {
  const blocks = '▁▂▃▄▅▆▇█';
  const [low, high] = [Math.min(...values), Math.max(...values)];
  // A growth of less than ten MiB is to look like little.
  const step = Math.max(high - low, 10) / (blocks.length - 1);
  return values.map((value) => blocks[Math.round((value - low) / step)] ?? '?').join('');
}
