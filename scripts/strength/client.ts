import { rmSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isatty } from 'node:tty';
import { Stryker } from '@stryker-mutator/core';
import config from '../../stryker.config.json' with { type: 'json' };

/** What the results depend on beside the client; Stryker does not see these change. */
const inputs = ['stryker.config.json', 'test/client', 'src/generated', 'scripts/strength', 'package-lock.json'];

/**
 * Plays the mutants of the client to its tests: `stryker.config.json` says which, and below which score the run fails.
 * @param seconds after which the run ends without a score.
 */
export async function measureClient(seconds: number): Promise<0 | 1 | 2> {
  const timer = setTimeout(endInTime, seconds * 1000, seconds);
  // Stryker leaves its copy of the sources behind when it is interrupted.
  process.once('exit', () => rmSync(config.tempDirName, { recursive: true, force: true }));
  const onTerminal = isatty(1);
  try {
    await new Stryker({
      force: await hasChangedSince(config.incrementalFile),
      reporters: onTerminal ? ['progress', 'clear-text'] : ['clear-text'],
      allowConsoleColors: onTerminal && process.stdout.hasColors(),
    }).runMutationTest();
    // Stryker says by the exit code that the score is too low.
    return process.exitCode === 1 ? 1 : 0;
  } catch {
    // Stryker has said why it cannot run.
    return 2;
  } finally {
    clearTimeout(timer);
  }
}

function endInTime(seconds: number): void {
  process.stderr.write(
    `\nStryker did not end within ${seconds} s, so there is no score. Run it again to go on from here, or raise --seconds.\n`,
  );
  process.once('exit', () => (process.exitCode = 2));
  // Stryker then keeps the results so far for the next run.
  process.kill(process.pid, 'SIGTERM');
}

/** Whether an input is newer than a file, or the file does not exist. */
async function hasChangedSince(file: string): Promise<boolean> {
  const written = await stat(file).catch(() => undefined);
  if (!written) return true;
  for (const input of inputs) {
    const names = (await stat(input)).isDirectory() ? await readdir(input, { recursive: true }) : [];
    for (const name of ['', ...names]) {
      if ((await stat(join(input, name))).mtimeMs > written.mtimeMs) return true;
    }
  }
  return false;
}
