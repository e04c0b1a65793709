import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { displayPath } from '../../spec/display-path.ts';
import { Problem } from '../../util/errors.ts';
import { codeOf } from '../../spec/thrown.ts';
import type { Contract } from '../../pact/model.ts';
import { readContract } from '../../pact/read-contract.ts';

/**
 * Reads one Pact file, or all of a folder (each `.json` in it, by name).
 * @throws Problem if there is none, or one of them cannot be used.
 */
export async function readContracts(path: string): Promise<Contract[]> {
  const files = await filesOf(path);
  return Promise.all(files.map(async (file) => readContract(displayPath(file), await readContractText(file))));
}

async function filesOf(path: string): Promise<string[]> {
  let names: string[];
  try {
    names = await readdir(path);
  } catch (error) {
    if (codeOf(error) === 'ENOTDIR') return [path];
    throw unreadable(path, error);
  }
  const files = names.filter((name) => name.endsWith('.json')).toSorted();
  if (files.length > 0) return files.map((name) => join(path, name));
  throw new Problem({
    code: 'contracts_missing',
    what: 'The folder holds no contract.',
    where: displayPath(path),
    facts: { expected: 'Pact files, whose names end in .json' },
    remedy: 'Run the tests of the consumer, or name another folder with --contracts.',
  });
}

async function readContractText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(path: string, cause: unknown): Problem {
  const missing = codeOf(cause) === 'ENOENT';
  return new Problem(
    {
      code: missing ? 'contracts_missing' : 'contract_unreadable',
      what: missing ? 'There is no such contract.' : 'The contract cannot be read.',
      where: displayPath(path),
      facts: missing ? {} : { reason: codeOf(cause) },
      remedy: 'Name a Pact file, or a folder of Pact files, with --contracts.',
    },
    { cause },
  );
}
