import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { mergeParts, readParts } from '../pact/collect.ts';
import { readContract, readContracts } from '../pact/read-contract.ts';
import { displayPath, findDrift, writeFiles } from '../util/files.ts';
import type { CollectOptions, ExitCode } from './options.ts';
import { printable } from '../util/terminal.ts';

/**
 * Writes all contracts or none, and removes contracts of the same consumers that no test has written.
 * @throws Problem if there is nothing to collect, or a file cannot be read.
 */
export async function runCollect(folder: string, { out, check = false }: CollectOptions): Promise<ExitCode> {
  const { files, declared, written, complaints } = mergeParts(await readParts(folder));
  for (const complaint of complaints) say(complaint);
  if (complaints.length > 0) {
    say(`${complaints.length} of ${declared} declared interactions are missing or invalid; nothing was written.`);
    return 1;
  }
  const superfluous = await superfluousIn(out, files);
  if (check) return report([...(await findDrift(out, files)), ...superfluous]);
  await writeFiles(out, files);
  await Promise.all(superfluous.map((file) => rm(file)));
  say(
    `${displayPath(out)}: ${written} interactions in ${Object.keys(files).length} contracts, of ${declared} declared.`,
  );
  return 0;
}

function report(drifted: readonly string[]): ExitCode {
  for (const file of drifted) say(`${displayPath(file)}: differs from what the consumer tests write.`);
  if (drifted.length === 0) return 0;
  say('Run this without --check and commit the changes.');
  return 1;
}

/** Contracts of these consumers that no test has written. */
async function superfluousIn(out: string, files: Record<string, string>): Promise<string[]> {
  const names = await readdir(out).catch(() => []);
  const others = names.filter((name) => name.endsWith('.json') && !(name in files)).map((name) => join(out, name));
  const consumers = new Set(Object.values(files).map((text) => readContract('', text).consumer));
  const theirs = await Promise.all(
    others.map(async (file) => {
      const [contract] = await readContracts(file).catch(() => []);
      return contract && consumers.has(contract.consumer) ? [file] : [];
    }),
  );
  return theirs.flat();
}

function say(sentence: string): void {
  process.stderr.write(printable([sentence]));
}
