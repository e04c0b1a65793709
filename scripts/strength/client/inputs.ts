import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sourceMutantsOf, type SourceMutant } from './source-mutants.ts';

/** The mutants of every TypeScript file of a folder. */
export async function readMutants(folder: string): Promise<SourceMutant[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts')).toSorted();
  const lists = await Promise.all(
    names.map(async (name) => sourceMutantsOf(join(folder, name), await readFile(join(folder, name), 'utf8'))),
  );
  return lists.flat();
}

/** The test files of some folders. */
export async function readTests(folders: readonly string[], except: readonly string[]): Promise<string[]> {
  const lists = await Promise.all(
    folders.map(async (folder) => {
      const names = (await readdir(folder)).filter((name) => name.endsWith('.test.ts') && !except.includes(name));
      return names.map((name) => join(folder, name));
    }),
  );
  return lists.flat();
}
