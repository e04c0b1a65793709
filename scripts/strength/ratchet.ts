import { readFile, rename, writeFile } from 'node:fs/promises';
import { codeOf } from '../../src/util/errors.ts';
import { entriesOf, parseJson } from '../../src/util/json.ts';

/** Percentages by name, as they are committed. */
export type Marks = Readonly<Record<string, number>>;

/** Where the marks are committed. */
const committedFile = 'test/strength.json';

/** The committed marks; none where the file does not exist yet. */
export async function readMarks(file = committedFile): Promise<Marks> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return '{}';
    throw error;
  });
  const entries = entriesOf(parseJson(text));
  return Object.fromEntries(entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
}

export async function writeMarks(marks: Marks, file = committedFile): Promise<void> {
  const all = { ...(await readMarks(file)), ...marks };
  await writeFile(`${file}.new`, `${JSON.stringify(all, undefined, 2)}\n`);
  await rename(`${file}.new`, file);
}

/** One sentence for each mark that is lower than the committed one. */
export function fallen(committed: Marks, measured: Marks): string[] {
  return Object.entries(measured)
    .filter(([name, value]) => value < (committed[name] ?? 0))
    .map(([name, value]) => `${name}: ${value} % are killed, and ${committed[name]} % were (${committedFile}).`);
}

/** Whether a mark may be committed that is higher than before. */
export function hasRisen(committed: Marks, measured: Marks): boolean {
  return Object.entries(measured).some(([name, value]) => value > (committed[name] ?? 0));
}
