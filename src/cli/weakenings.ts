import { readFile } from 'node:fs/promises';
import type { Contract } from '../pact/model.ts';
import type { Verdict } from '../verify/verdict.ts';
import type { Allowance } from '../contract/weakening/allowance.ts';
import { judgeWeakenings } from '../verify/weakening/judge-weakenings.ts';
import { readAllowances } from '../contract/weakening/read-allowances.ts';
import { displayPath } from '../spec/display-path.ts';
import { Problem } from '../util/errors.ts';
import { codeOf } from '../spec/thrown.ts';
import { contractsOfRevision } from './contracts-of-revision.ts';
import { checkRevision, showFile } from './git.ts';

export interface WeakeningOptions {
  /** A revision of the Git repository. */
  base: string;
  /** The Pact file, or the folder of them. */
  contracts: string;
  /** The file of what is allowed; by default the one below, where there is one. */
  allowed?: string | undefined;
}

/** In the working directory, and not beside the contracts: whoever reads that folder takes each file for a contract. */
const usualFile = 'allowed-weakenings.json';

/**
 * Compares contracts with what they were at a revision.
 * @throws Problem if Git does not know it, or what is allowed cannot be read.
 */
export async function judgeSince(options: WeakeningOptions, head: readonly Contract[]): Promise<Verdict[]> {
  const { base, contracts: path, allowed: file = usualFile } = options;
  await checkRevision(base);
  const allowances = await readAllowed(file, options.allowed !== undefined);
  const { contracts, unread } = await contractsOfRevision(base, path);
  const earlier = await allowedAt(base, file);
  return [...unread, ...judgeWeakenings({ base: contracts, head, file: displayPath(file), allowances, earlier })];
}

async function readAllowed(file: string, named: boolean): Promise<Allowance[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (!named && codeOf(error) === 'ENOENT') return undefined;
    throw new Problem(
      {
        code: 'allowances_unreadable',
        what: 'The file of allowed weakenings cannot be read.',
        where: displayPath(file),
        facts: { reason: codeOf(error) },
        remedy: 'Name another with --allowed, or leave the option out.',
      },
      { cause: error },
    );
  });
  return text === undefined ? [] : readAllowances(displayPath(file), text);
}

/** What stood in the file at a revision. What it was not then, nobody can mend now: it counts as nothing. */
async function allowedAt(revision: string, file: string): Promise<unknown[]> {
  try {
    const value: unknown = JSON.parse(await showFile(revision, file));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
