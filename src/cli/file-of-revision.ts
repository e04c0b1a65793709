import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Problem } from '../util/errors.ts';
import { gitReason, showFile } from './git.ts';

/** A file that can be read until the block ends. */
export interface GivenFile extends AsyncDisposable {
  path: string;
  isRevision: boolean;
}

/**
 * A file, or what it was at a revision of the Git repository around the current folder: `main:openapi/api.yaml`. Of a
 * revision there is that one file, and none that it refers to.
 * @throws Problem if Git has no such file.
 */
export async function fileOfRevision(given: string): Promise<GivenFile> {
  const [, revision = '', path = ''] = /^([^:]{2,}):(.+)$/.exec(given) ?? [];
  if (revision === '' || existsSync(given)) {
    return { path: given, isRevision: false, [Symbol.asyncDispose]: async () => {} };
  }
  const text = await showFile(revision, path).catch((error: unknown) => {
    throw new Problem(
      {
        code: 'spec_missing',
        what: 'There is no such file, and Git has none of this revision.',
        where: given,
        facts: { reason: gitReason(error) },
        remedy: 'Name a file, or REVISION:PATH with the path from the current folder.',
      },
      { cause: error },
    );
  });
  const folder = await mkdtemp(join(tmpdir(), 'arzamed-diff-'));
  const file = join(folder, basename(path));
  await writeFile(file, text);
  return { path: file, isRevision: true, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
