import { spawnSync } from 'node:child_process';
import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { environment, root } from './environment.ts';
import { areInstalled } from './versions.ts';

const folder = join(root, 'bench');

/** Installs what the project is measured beside, unless it is there already, and links the project itself to it. */
export function install(): void {
  if (!areInstalled()) {
    const { status } = spawnSync('npm', ['ci', '--prefix', folder, '--loglevel', 'error'], {
      // Quiet where nobody looks; what goes wrong is said in either case.
      stdio: ['ignore', process.stderr.isTTY ? 2 : 'ignore', 2],
      env: environment,
      shell: process.platform === 'win32',
    });
    if (status !== 0) throw new Error('The packages that the project is measured beside could not be installed.');
  }
  // By its name, so that it is imported as an integrator imports it.
  const link = join(folder, 'node_modules/arzamed-devkit');
  rmSync(link, { force: true });
  symlinkSync(root, link, 'junction');
}
