import { readFile } from 'node:fs/promises';
import { packageFile } from '../spec/package-file.ts';

/** The version of the package that this file is a part of. */
export async function version(): Promise<string> {
  const text = await readFile(packageFile('package.json'), 'utf8');
  const manifest: unknown = JSON.parse(text);
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '0';
}
