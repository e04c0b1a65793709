import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import type { Contract } from '../pact/model.ts';
import { readContract } from '../pact/read-contract.ts';
import { codeOf, messageOf, Problem } from '../util/errors.ts';
import { displayPath } from '../util/files.ts';
import type { Verdict } from '../verify/verdict.ts';

/** What Git prints for arguments that none of the user's words can turn into options: see `inRevision`. */
export async function git(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('git', args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** Why Git could not do it, in its own words. */
function gitReason(error: unknown): string | undefined {
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
async function listFolder(revision: string, path: string): Promise<string[] | undefined> {
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

/** Contracts as they were, and what could not be read of them. */
interface EarlierContracts {
  contracts: Contract[];
  unread: Verdict[];
}

/** The Pact files of a path at a revision that Git knows: of a folder, each `.json` in it. */
export async function contractsOfRevision(revision: string, path: string): Promise<EarlierContracts> {
  const names = await listFolder(revision, path);
  const files = names?.filter((name) => name.endsWith('.json')).map((name) => join(path, name)) ?? [path];
  const contracts: Contract[] = [];
  const unread: Verdict[] = [];
  for (const file of files) {
    const text = await showFile(revision, file).catch(() => undefined);
    try {
      if (text !== undefined) contracts.push(readContract(displayPath(file), text));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      unread.push(nothingToCompare(file, `At ${revision} this was no contract that can be read.`));
    }
  }
  if (contracts.length + unread.length === 0)
    unread.push(nothingToCompare(path, `At ${revision} there was no contract here, so that all is new.`));
  return { contracts, unread };
}

function nothingToCompare(path: string, sentence: string): Verdict {
  return { net: 'weakening', result: 'not verifiable', contract: displayPath(path), rule: 'contract', sentence };
}

/** A file that can be read until the block ends. */
interface GivenFile extends AsyncDisposable {
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
