import { execFile } from 'node:child_process';
import { relative, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { Problem } from '../util/errors.ts';
import { codeOf, messageOf } from '../spec/thrown.ts';

/** What Git prints for arguments that none of the user's words can turn into options: see `inRevision`. */
export async function git(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('git', args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** Why Git could not do it, in its own words. */
export function gitReason(error: unknown): string | undefined {
  if (codeOf(error) === 'ENOENT') return 'there is no program git';
  return messageOf(error)
    .split('\n')
    .find((line) => line.startsWith('fatal:'));
}

/** How Git calls a path at a revision. It has a colon, and goes behind the end of the options. */
function inRevision(revision: string, path: string): string {
  return `${revision}:./${relative(process.cwd(), resolve(path)).split(sep).join('/')}`;
}

/** A file as it was at a revision. */
export function showFile(revision: string, path: string): Promise<string> {
  return git('show', '--end-of-options', inRevision(revision, path));
}

/** The names in a folder as it was at a revision; none of a file. */
export async function listFolder(revision: string, path: string): Promise<string[] | undefined> {
  const listed = await git('ls-tree', '-z', '--name-only', '--end-of-options', inRevision(revision, path)).catch(
    () => undefined,
  );
  return listed?.split('\0').filter((name) => name !== '');
}

/** @throws Problem if Git does not know the revision, or cannot say. */
export async function checkRevision(revision: string): Promise<void> {
  await git('rev-parse', '--verify', '--end-of-options', `${revision}^{commit}`).catch((error: unknown) => {
    throw new Problem(
      {
        code: 'revision_missing',
        what: 'Git knows no such revision here.',
        where: revision,
        facts: { reason: gitReason(error) },
        remedy: 'Name one that is there; in CI, fetch it first (a clone may hold the last commit alone).',
      },
      { cause: error },
    );
  });
}
