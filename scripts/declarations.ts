import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Copies type declarations and those that they import, so that only what users can see is in the package.
 * @param entries relative to both folders.
 */
export async function copyDeclarations(from: string, to: string, entries: readonly string[]): Promise<void> {
  const seen = new Set<string>();
  const visit = async (file: string): Promise<void> => {
    if (seen.has(file)) return;
    seen.add(file);
    await mkdir(dirname(join(to, file)), { recursive: true });
    await copyFile(join(from, file), join(to, file));
    const text = await readFile(join(from, file), 'utf8');
    for (const [, specifier = ''] of text.matchAll(/(?:from|import\()\s*['"](\.[^'"]+)['"]/g)) {
      await visit(join(dirname(file), specifier.replace(/(?:\.d)?\.[jt]s$/, '.d.ts')));
    }
  };
  for (const entry of entries) await visit(entry);
}
