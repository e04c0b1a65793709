import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const specifiers = /(?<=(?:from|import\()\s*['"])[^'"]+(?=['"])/g;

/**
 * Copies type declarations and those that they import, so that only what users can see is in the package.
 * @param entries relative to both folders.
 * @param kind `c` for a CommonJS build, in which every declaration is one of CommonJS.
 * @throws Error if one of them needs the types of another package, which users would have to install.
 */
export async function copyDeclarations(
  from: string,
  to: string,
  entries: readonly string[],
  kind: '' | 'c' = '',
): Promise<void> {
  const seen = new Set<string>();
  const visit = async (file: string): Promise<void> => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = await readFile(join(from, file), 'utf8');
    for (const [specifier] of text.matchAll(specifiers)) {
      if (!specifier.startsWith('.')) throw new Error(`${file} shows users a type of ${specifier}.`);
      await visit(join(dirname(file), specifier.replace(/\.ts$/, '.d.ts')));
    }
    await mkdir(dirname(join(to, file)), { recursive: true });
    await writeFile(
      join(to, file.replace(/ts$/, `${kind}ts`)),
      text.replaceAll(specifiers, (specifier) => specifier.replace(/\.ts$/, `.${kind}js`)),
    );
  };
  for (const entry of entries) await visit(entry);
}
