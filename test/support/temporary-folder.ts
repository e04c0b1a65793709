import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder of one's own that is gone with the block. */
export interface TemporaryFolder extends AsyncDisposable {
  path: string;
}

/** Makes a temporary folder with files in it. */
export async function temporaryFolder(files: Record<string, string> = {}): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'arzamed-test-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
