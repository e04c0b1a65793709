import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isatty } from 'node:tty';
import config from '../../stryker.config.json' with { type: 'json' };
import { runTool } from '../run-tool.ts';

/** What the results depend on beside the client; Stryker does not see these change. */
const inputs = ['stryker.config.json', 'test/client', 'src/generated', 'scripts/strength', 'package-lock.json'];

const folder = 'scripts/strength';

/**
 * Plays the mutants of the client to its tests: `stryker.config.json` says which, and below which score the run fails.
 * Installs Stryker the first time.
 * @param seconds after which the run ends without a score.
 */
export async function measureClient(seconds: number): Promise<0 | 1 | 2> {
  if (!existsSync(`${folder}/node_modules`)) await runTool('npm', ['ci', '--prefix', folder, '--loglevel', 'error']);
  const onTerminal = isatty(1);
  const options = {
    force: await hasChangedSince(config.incrementalFile),
    reporters: onTerminal ? ['progress', 'clear-text'] : ['clear-text'],
    allowConsoleColors: onTerminal && process.stdout.hasColors(),
  };
  const child = spawn(process.execPath, [`${folder}/stryker.js`, JSON.stringify(options)], { stdio: 'inherit' });
  const timer = setTimeout(() => {
    process.stderr.write(
      `\nStryker did not end within ${seconds} s, so there is no score. Run it again to go on from here, or raise --seconds.\n`,
    );
    // It then keeps the results so far for the next run.
    child.kill('SIGTERM');
  }, seconds * 1000);
  const [code]: unknown[] = await once(child, 'exit');
  clearTimeout(timer);
  // Stryker leaves its copy of the sources behind when it is interrupted.
  await rm(config.tempDirName, { recursive: true, force: true });
  return code === 0 || code === 1 ? code : 2;
}

/** Whether an input is newer than a file, or the file does not exist. */
async function hasChangedSince(file: string): Promise<boolean> {
  const written = await stat(file).catch(() => undefined);
  if (!written) return true;
  for (const input of inputs) {
    const all = (await stat(input)).isDirectory() ? await readdir(input, { recursive: true }) : [];
    const names = all.filter((name) => !name.startsWith('node_modules'));
    for (const name of ['', ...names]) {
      if ((await stat(join(input, name))).mtimeMs > written.mtimeMs) return true;
    }
  }
  return false;
}
