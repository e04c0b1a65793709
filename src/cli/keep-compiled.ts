import { accessSync, constants, mkdirSync } from 'node:fs';
import { enableCompileCache, getCompileCacheDir } from 'node:module';
import { join, sep } from 'node:path';

/**
 * Has Node keep what it compiles from now on for the next start: in `node_modules/.cache`, where tools of a project keep
 * such things and other users of the machine put nothing. `NODE_COMPILE_CACHE` names another folder,
 * `NODE_DISABLE_COMPILE_CACHE=1` switches it off; where nothing can be written, nothing is kept.
 */
export function keepCompiled(): void {
  // Node looks at both variables by itself; no folder is to be made in vain.
  if (getCompileCacheDir() !== undefined || process.env['NODE_DISABLE_COMPILE_CACHE']) return;
  const folder = join(nearestModules(import.meta.dirname), '.cache/arzamed-devkit');
  try {
    // Node 24 never gives up on a folder that it cannot make.
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch {
    return;
  }
  enableCompileCache(folder);
}

/** The `node_modules` that the package is installed in, or its own where it is a checkout. */
function nearestModules(here: string): string {
  const name = `${sep}node_modules${sep}`;
  const at = here.lastIndexOf(name);
  return at === -1 ? join(here, '../../node_modules') : here.slice(0, at + name.length);
}
