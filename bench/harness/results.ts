import { readFile, writeFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import { root } from './environment.ts';
import type { Section } from './section.ts';
import { versions, type Machine } from './versions.ts';

/** All that was measured with one set of versions. */
export interface Results {
  versions: Record<string, string>;
  /** Benchmark to what it found, where, and when. */
  sections: Record<string, Section & { machine: Machine; measured: string }>;
}

const path = join(root, 'bench/results.json');

/** The results that lie there, if they were measured with these versions; otherwise none. */
export async function readResults(): Promise<Results> {
  const now = { versions: versions() };
  const text = await readFile(path, 'utf8').catch(() => '{}');
  const stored: Partial<Results> = JSON.parse(text);
  const same = isDeepStrictEqual(stored.versions, now.versions);
  return { ...now, sections: same ? (stored.sections ?? {}) : {} };
}

/** Numbers are kept to five figures: what is behind them is noise. */
export async function writeResults(results: Results): Promise<void> {
  const rounded = (_: string, value: unknown): unknown =>
    typeof value === 'number' ? Number(value.toPrecision(5)) : value;
  await writeFile(path, `${JSON.stringify(results, rounded, 2)}\n`);
}
