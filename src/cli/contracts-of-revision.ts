import { execFile } from 'node:child_process';
import { relative } from 'node:path';
import { promisify } from 'node:util';
import type { Contract } from '../contract/pact/contract.ts';
import { readContract } from '../contract/pact/read-contract.ts';
import { Problem } from '../spec/problem.ts';
import { messageOf } from '../spec/thrown.ts';

/**
 * The contracts as they were at a revision of the Git repository around the current folder; none where it had none.
 * @param path of a contract or a folder of them, as it is now.
 * @throws Problem if Git knows no such revision, or the contracts do not stand in the repository.
 */
export async function contractsOfRevision(revision: string, path: string): Promise<Contract[]> {
  const own = relative(process.cwd(), path).replaceAll('\\', '/');
  if (own.startsWith('..') || own.includes('node_modules/'))
    throw unusable('The contracts do not stand below this folder', revision, path);
  await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]).catch(
    (error: unknown) => {
      throw unusable('Git knows no such revision here', revision, messageOf(error).split('\n')[0] ?? '');
    },
  );
  const list = await git([
    'ls-tree',
    '-r',
    '--name-only',
    '-z',
    '--end-of-options',
    revision,
    own === '' ? '.' : `./${own}`,
  ]);
  const files = list.split('\0').filter((name) => name.endsWith('.json'));
  return Promise.all(
    files.map(async (file) => readContract(file, await git(['show', '--end-of-options', `${revision}:./${file}`]))),
  );
}

async function git(args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('git', args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

function unusable(what: string, revision: string, found: string): Problem {
  return new Problem({
    code: 'revision_unusable',
    what: `${what}, so nobody can say whether contracts have weakened.`,
    where: `--base ${revision}`,
    facts: { found },
    remedy:
      'Run it in the repository, name a branch, tag or commit that is fetched, and the contracts with --contracts.',
  });
}
