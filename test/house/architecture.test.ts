import { readFile, readdir } from 'node:fs/promises';
import { expect, test } from '@jest/globals';

/** The list of docs/architecture.md: each folder of `src/` and what it may import. */
async function readPage(): Promise<Map<string, string[]>> {
  const text = await readFile('docs/architecture.md', 'utf8');
  const rows = text.matchAll(/^- `src\/(\w+)\/`: ((?:.|\n {2})*)/gm);
  return new Map([...rows].map(([, folder = '', list = '']) => [folder, namesIn(list, /`(\w+)`/g)]));
}

/** What the linter allows: it forbids what lies above, but for the patterns that name a folder of `src/`. */
async function readLinter(folders: readonly string[]): Promise<Map<string, string[]>> {
  const { overrides }: { overrides: { files: string[]; rules: Record<string, unknown> }[] } = JSON.parse(
    await readFile('.oxlintrc.json', 'utf8'),
  );
  return new Map(
    folders.map((folder) => {
      const own = JSON.stringify(overrides.filter(({ files }) => files.includes(`src/${folder}/**`)));
      return [folder, own.includes('"../**"') ? namesIn(own, /"!\*\*\/(\w+)\/\*\*"/g) : ['everything']];
    }),
  );
}

function namesIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, name = '']) => name).toSorted();
}

async function readFolders(): Promise<string[]> {
  const entries = await readdir('src', { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

test('the architecture page lists each folder of src/', async () => {
  expect([...(await readPage()).keys()].toSorted()).toEqual((await readFolders()).toSorted());
});

test('the linter allows the imports that the architecture page lists, and no others', async () => {
  const folders = await readFolders();
  expect(await readPage()).toEqual(await readLinter(folders));
});
