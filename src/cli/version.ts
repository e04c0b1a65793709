import { readFileSync } from 'node:fs';
import { packageFile } from '../spec/package-file.ts';

/** The version of the package that this file is a part of. */
export function version(): string {
  // At once: Node's promises for files, which a small command needs for nothing else, take longer to load.
  const manifest: unknown = JSON.parse(readFileSync(packageFile('package.json'), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '0';
}
