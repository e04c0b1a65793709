import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Writes files into a folder, each whole or not at all. */
export async function writeFiles(folder: string, files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    const unfinished = `${path}.${process.pid}.tmp`;
    await writeFile(unfinished, text);
    await rename(unfinished, path);
  }
}

/** The files of a folder that are missing or not what they should be. */
export async function findDrift(folder: string, files: Record<string, string>): Promise<string[]> {
  const drifted: string[] = [];
  for (const [name, expected] of Object.entries(files)) {
    const path = join(folder, name);
    const found = await readFile(path, 'utf8').catch(() => undefined);
    if (found !== expected) drifted.push(path);
  }
  return drifted;
}
