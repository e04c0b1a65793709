import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { isOfBundledApi } from '../mock/clinics/account.ts';
import type { OpenApiDocument } from '../openapi/document.ts';
import type { Contract } from '../pact/model.ts';
import { readContract } from '../pact/read-contract.ts';
import { codeOf, messageOf, Problem } from '../util/errors.ts';
import { displayPath, packageFile, temporaryFolder, type TemporaryFolder } from '../util/files.ts';
import type { Verdict } from '../verify/verdict.ts';

export async function git(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('git', args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

function gitReason(error: unknown): string | undefined {
  if (codeOf(error) === 'ENOENT') return 'git is not installed';
  return messageOf(error)
    .split('\n')
    .find((line) => line.startsWith('fatal:'));
}

/** Git's name of a path at a revision. Pass it after `--end-of-options`: a user's revision may look like an option. */
function inRevision(revision: string, path: string): string {
  return `${revision}:./${relative(process.cwd(), resolve(path)).split(sep).join('/')}`;
}

export function showFile(revision: string, path: string): Promise<string> {
  return git('show', '--end-of-options', inRevision(revision, path));
}

/** The names in a folder at a revision. */
async function listFolder(revision: string, path: string): Promise<string[] | undefined> {
  const listed = await git('ls-tree', '-z', '--name-only', '--end-of-options', inRevision(revision, path)).catch(
    () => undefined,
  );
  return listed?.split('\0').filter((name) => name !== '');
}

/** @throws Problem if Git does not know the revision. */
export async function checkRevision(revision: string): Promise<void> {
  await git('rev-parse', '--verify', '--end-of-options', `${revision}^{commit}`).catch((error: unknown) => {
    throw new Problem(
      {
        code: 'revision_missing',
        what: 'Not a revision of this Git repository.',
        where: revision,
        facts: { reason: gitReason(error) },
        remedy: 'Name another; in CI, fetch it first (a clone may contain only the last commit).',
      },
      { cause: error },
    );
  });
}

/** The Pact files of a path at a revision, and a verdict for each that cannot be read. */
export async function contractsOfRevision(
  revision: string,
  path: string,
): Promise<{ contracts: Contract[]; unread: Verdict[] }> {
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
      unread.push(nothingToCompare(file, `At ${revision} this was not a readable contract.`));
    }
  }
  if (contracts.length + unread.length === 0)
    unread.push(nothingToCompare(path, `At ${revision} there was no contract here: everything is new.`));
  return { contracts, unread };
}

function nothingToCompare(path: string, sentence: string): Verdict {
  return { net: 'weakening', result: 'not verifiable', contract: displayPath(path), rule: 'contract', sentence };
}

/**
 * A file, or a copy of one at a revision, such as `main:openapi/api.yaml`, without the files that it refers to.
 * @throws Problem if Git has no such file.
 */
export async function fileOfRevision(given: string): Promise<TemporaryFolder & { isRevision: boolean }> {
  const [, revision = '', path = ''] = /^([^:]{2,}):(.+)$/.exec(given) ?? [];
  if (revision === '' || existsSync(given)) {
    return { path: given, isRevision: false, [Symbol.asyncDispose]: async () => {} };
  }
  const text = await showFile(revision, path).catch((error: unknown) => {
    throw new Problem(
      {
        code: 'spec_missing',
        what: 'Not a file, and not a path in that Git revision.',
        where: given,
        facts: { reason: gitReason(error) },
        remedy: 'Name a file, or REVISION:PATH with the path from the current folder.',
      },
      { cause: error },
    );
  });
  const folder = await temporaryFolder();
  const file = join(folder.path, basename(path));
  await writeFile(file, text);
  return { ...folder, path: file, isRevision: true };
}

/** The path of contracts, where none was named. */
export interface UsualContracts {
  path: string | undefined;
  isBundled: boolean;
}

/** Those of the project's folder `contracts`; without it, the bundled ones for the bundled API. */
export function usualContracts(document: OpenApiDocument): UsualContracts {
  const folder = 'contracts';
  const bundled = packageFile(folder);
  const isThere = existsSync(folder) && readdirSync(folder).some((file) => file.endsWith('.json'));
  if (isThere && resolve(folder) !== resolve(bundled)) return { path: folder, isBundled: false };
  const isBundled = isOfBundledApi(document);
  return { path: isBundled ? bundled : undefined, isBundled };
}
