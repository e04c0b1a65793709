import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { displayPath } from '../../spec/display-path.ts';
import { Problem } from '../../util/errors.ts';
import { codeOf } from '../../spec/thrown.ts';
import { fieldsOf } from '../../pact/input.ts';
import { readContract } from '../../pact/read-contract.ts';
import type { Declaration, Part } from './part.ts';

const declarationFile = 'declared.json';

/**
 * Reads what tests left in a folder: a folder of its own for each interaction.
 * @throws Problem if there is none, or anything in there cannot be taken for one.
 */
export async function readParts(path: string): Promise<Part[]> {
  const names = await namesIn(path);
  if (names.length === 0) throw noParts(path);
  return Promise.all(names.map((name) => readPart(join(path, name))));
}

async function readPart(path: string): Promise<Part> {
  const names = await namesIn(path);
  const folder = displayPath(path);
  if (!names.includes(declarationFile)) throw invalid(folder, `a file ${declarationFile}, written before the test`);
  const declared = parseDeclaration(folder, await readFile(join(path, declarationFile), 'utf8'));
  const pacts = names.filter((name) => name !== declarationFile);
  const [pact, another] = pacts;
  if (another !== undefined) throw invalid(folder, `one contract, and not ${pacts.join(' and ')}`);
  if (pact === undefined) return { folder, declared, contract: undefined };
  const file = join(path, pact);
  return { folder, declared, contract: readContract(displayPath(file), await readFile(file, 'utf8')) };
}

function parseDeclaration(folder: string, text: string): Declaration {
  const { description, test } = fieldsOf(parse(text)) ?? {};
  if (typeof description !== 'string' || description === '')
    throw invalid(folder, `${declarationFile} with the interaction's \`description\``);
  return { description, ...(typeof test === 'string' ? { test } : {}) };
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

async function namesIn(path: string): Promise<string[]> {
  try {
    return (await readdir(path)).toSorted();
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') throw noParts(path);
    // A contract beside the parts was written by a test that went another way.
    throw invalid(
      displayPath(path),
      code === 'ENOTDIR' ? 'a folder for each interaction' : 'a folder that can be read',
    );
  }
}

function noParts(path: string): Problem {
  return new Problem({
    code: 'contracts_missing',
    what: 'No test has declared an interaction here.',
    where: displayPath(path),
    facts: { expected: 'a folder for each interaction' },
    remedy: 'Run the tests of the consumer first, and let them write there; docs/consumer-tests.md says how.',
  });
}

function invalid(where: string, expected: string): Problem {
  return new Problem({
    code: 'contract_invalid',
    what: 'This is not what a declared interaction leaves behind.',
    where,
    facts: { expected },
    remedy: 'Empty the folder, and run the tests of the consumer again; docs/consumer-tests.md says how.',
  });
}
