import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The path of a file of this package. A module may be anywhere below it: in `src/`, or bundled with others in `dist/`.
 * @param name relative to the package's folder, with slashes.
 */
export function packageFile(name: string): string {
  let folder = new URL('.', import.meta.url);
  while (!existsSync(new URL('package.json', folder)) && folder.pathname !== '/') folder = new URL('..', folder);
  return fileURLToPath(new URL(name, folder));
}
