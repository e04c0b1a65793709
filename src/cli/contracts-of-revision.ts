import { join } from 'node:path';
import type { Contract } from '../pact/model.ts';
import { readContract } from '../pact/read-contract.ts';
import type { Verdict } from '../verify/verdict.ts';
import { displayPath } from '../spec/display-path.ts';
import { Problem } from '../util/errors.ts';
import { listFolder, showFile } from './git.ts';

/** Contracts as they were, and what could not be read of them. */
export interface EarlierContracts {
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
