import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The text of a file, or of all files of a folder; undefined if it cannot be read. */
export function readIfThere(path: string): string | undefined {
  try {
    if (!statSync(path).isDirectory()) return readFileSync(path, 'utf8');
    return readdirSync(path)
      .map((name) => join(path, name))
      .filter((each) => statSync(each, { throwIfNoEntry: false })?.isFile() === true)
      .map((each) => readIfThere(each) ?? '')
      .join('\n');
  } catch {
    return undefined;
  }
}
