import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { codeOf, messageOf, Problem } from '../util/errors.ts';
import { displayPath, readRegular } from '../util/files.ts';
import { fieldsOf, parseObject } from '../util/json.ts';
import { writeContract, type Contract } from './model.ts';
import { readContract } from './read-contract.ts';
import { upgradeInteraction } from './upgrade.ts';

/** The contracts that are made of all parts, and what is wrong with them. */
export interface Collected {
  files: Record<string, string>;
  declared: number;
  /** How many are in the contracts: what two tests declare alike is there once. */
  written: number;
  complaints: string[];
}

/**
 * Merges the parts of contracts, each interaction once, in a stable order. Where tests wrote several versions of Pact, all
 * are brought to version 4.
 */
export function mergeParts(parts: readonly Part[]): Collected {
  const complaints: string[] = [];
  const mixed = mixedIn(parts);
  const entries = new Map<string, Entry>();
  for (const part of parts) {
    const sole = soleEntryOf(part);
    const entry = typeof sole !== 'string' && mixed.has(pairOf(sole.contract)) ? upgrade(sole) : sole;
    if (typeof entry === 'string') {
      complaints.push(entry);
      continue;
    }
    const known = entries.get(keyOf(entry));
    if (!known) entries.set(keyOf(entry), entry);
    else if (!isDeepStrictEqual(known.value, entry.value)) {
      const { contract, value, test } = known;
      const name = `The interaction "${descriptionOf(value)}" of ${contract.consumer} with ${contract.provider}`;
      complaints.push(`${name} is declared twice with different contents, by ${test} and by ${entry.test}.`);
    }
  }
  return { files: filesOf([...entries.values()]), declared: parts.length, written: entries.size, complaints };
}

function pairOf({ consumer, provider }: Contract): string {
  return JSON.stringify([consumer, provider]);
}

/** The pairs of consumer and provider whose parts have several versions. */
function mixedIn(parts: readonly Part[]): Set<string> {
  const versions = new Map<string, number>();
  const mixed = new Set<string>();
  for (const { contract } of parts) {
    if (!contract) continue;
    const pair = pairOf(contract);
    if ((versions.get(pair) ?? contract.version) !== contract.version) mixed.add(pair);
    versions.set(pair, contract.version);
  }
  return mixed;
}

/** The entry in version 4; or a sentence, where it cannot be written so. */
function upgrade(entry: Entry): Entry | string {
  const { contract, value, test } = entry;
  if (contract.version === 4) return entry;
  const upgraded = upgradeInteraction(contract);
  if (upgraded) {
    const content = { ...fieldsOf(contract.content), metadata: { pactSpecification: { version: '4.0' } } };
    return { ...entry, contract: { ...contract, content }, value: upgraded };
  }
  return (
    `The interaction "${descriptionOf(value)}", written by ${test} in version ${contract.version} of Pact, cannot be ` +
    `brought to version 4, which other tests of ${contract.consumer} write. Let all of them write one version.`
  );
}

function filesOf(entries: readonly Entry[]): Record<string, string> {
  // By description, as Pact itself writes them.
  const orderOf = (entry: Entry): string => `${descriptionOf(entry.value)}\0${keyOf(entry)}`;
  const sorted = entries.toSorted((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1));
  const contracts = new Map<string, Entry[]>();
  for (const entry of sorted) {
    const key = pairOf(entry.contract);
    contracts.set(key, [...(contracts.get(key) ?? []), entry]);
  }
  const files = [...contracts.values()].flatMap((all) => {
    const those = (list: Entry['list']): unknown[] =>
      all.filter((each) => each.list === list).map(({ value }) => value);
    const text = ({ contract }: Entry): string =>
      writeContract(contract, { interactions: those('interactions'), messages: those('messages') });
    // Where versions were mixed, the metadata of a contract that was written in version 4 say most.
    const best = all.find(({ contract }) => contract.version === 4) ?? all[0];
    return [best ?? []].flat().map((first) => [basename(first.contract.file), text(first)] as const);
  });
  return Object.fromEntries(files);
}

interface Entry {
  contract: Contract;
  list: 'interactions' | 'messages';
  value: unknown;
  test: string;
}

/** The one interaction that was declared; or a sentence, where it is not there, or not alone. */
function soleEntryOf({ folder, declared, contract }: Part): Entry | string {
  const test = declared.test ?? folder;
  const name = `The interaction "${declared.description}"`;
  if (!contract) return `${name} was declared by ${test}, and no contract was written.`;
  const entries = (['interactions', 'messages'] as const).flatMap((list) =>
    valuesOf(contract, list).map((value): Entry => ({ contract, list, value, test })),
  );
  const [entry, another] = entries;
  if (!entry || another || descriptionOf(entry.value) !== declared.description) {
    const found = entries.map(({ value }) => `"${descriptionOf(value)}"`).join(' and ');
    return `${name} was declared by ${test}, and what was written is ${found}.`;
  }
  return entry;
}

/** Identifies an interaction: consumer, provider, description and states. */
function keyOf({ contract: { consumer, provider }, list, value }: Entry): string {
  const { description, providerStates, providerState, type } = fieldsOf(value) ?? {};
  return JSON.stringify([consumer, provider, list, description, providerStates ?? providerState ?? [], type]);
}

function descriptionOf(value: unknown): string {
  return String(fieldsOf(value)?.['description']);
}

function valuesOf({ content }: Contract, list: 'interactions' | 'messages'): unknown[] {
  const values = fieldsOf(content)?.[list];
  return Array.isArray(values) ? values : [];
}

/** The folder of one declared interaction. */
interface Part {
  folder: string;
  declared: Declaration;
  /** Undefined if the test wrote none. */
  contract: Contract | undefined;
}

interface Declaration {
  description: string;
  test?: string;
}

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
  const read = (name: string): Promise<string> =>
    readRegular(join(path, name)).catch((error: unknown) => {
      throw invalid(join(folder, name), `a file that can be read: ${messageOf(error)}`);
    });
  const declared = parseDeclaration(folder, await read(declarationFile));
  const pacts = names.filter((name) => name !== declarationFile);
  const [pact, another] = pacts;
  if (another !== undefined) throw invalid(folder, `one contract, and not ${pacts.join(' and ')}`);
  if (pact === undefined) return { folder, declared, contract: undefined };
  return { folder, declared, contract: readContract(displayPath(join(path, pact)), await read(pact)) };
}

function parseDeclaration(folder: string, text: string): Declaration {
  const { description, test } = parseObject(text) ?? {};
  if (typeof description !== 'string' || description === '')
    throw invalid(folder, `${declarationFile} with the interaction's \`description\``);
  return { description, ...(typeof test === 'string' ? { test } : {}) };
}

async function namesIn(path: string): Promise<string[]> {
  try {
    return (await readdir(path)).toSorted();
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') throw noParts(path);
    // A contract beside the parts comes from a test without a declaration.
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
    remedy: "Run the consumer's tests first, and let them write there; docs/consumer-tests.md says how.",
  });
}

function invalid(where: string, expected: string): Problem {
  return new Problem({
    code: 'contract_invalid',
    what: 'Not the folder of a declared interaction.',
    where,
    facts: { expected },
    remedy: "Empty the folder, and run the consumer's tests again; docs/consumer-tests.md says how.",
  });
}
