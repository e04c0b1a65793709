import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { interactionName } from '../../src/contract/pact/interaction-name.ts';
import { fieldsOf } from '../../src/contract/pact/fields.ts';
import { readContract } from '../../src/contract/pact/read-contract.ts';
import { Problem } from '../../src/spec/problem.ts';
import { readDeclared } from './declared.ts';

interface Piece {
  file: string;
  content: Record<string, unknown>;
  interactions: { name: string; description: string; content: unknown }[];
}

/**
 * Puts together what the tests of a consumer wrote, each test file into a folder of its own, so that those that run at the same
 * time never write one file.
 * @returns the texts of the contracts by name.
 * @throws Problem if an interaction is missing that a test declares, or two tests describe one in different ways.
 */
export async function collectContracts(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder, { recursive: true })).toSorted();
  const pieces = await Promise.all(names.filter((name) => name.endsWith('.json')).map((name) => readPiece(folder, name)));
  const merged = new Map<string, Piece>();
  for (const piece of pieces) {
    const name = piece.file.replace(/^.*[\\/]/, '');
    merged.set(name, merge(merged.get(name), piece));
  }
  const found = new Set([...merged.values()].flatMap(({ interactions }) => interactions.map(({ name }) => name)));
  const declared = new Set((await readDeclared(folder)).map(interactionName));
  const lost = [...declared].filter((name) => !found.has(name)).toSorted();
  if (lost.length > 0 || declared.size === 0) throw interactionsLost(lost, declared.size);
  return Object.fromEntries([...merged].map(([name, piece]) => [name, write(piece)]));
}

async function readPiece(folder: string, file: string): Promise<Piece> {
  const text = await readFile(join(folder, file), 'utf8');
  const contract = readContract(file, text);
  const content = fieldsOf(contract.content) ?? {};
  const all: unknown = content['interactions'];
  const interactions = contract.interactions.map((interaction) => ({
    name: interactionName(interaction),
    description: interaction.description,
    content: Array.isArray(all) ? all[interaction.index] : undefined,
  }));
  return { file, content, interactions };
}

function merge(known: Piece | undefined, piece: Piece): Piece {
  const interactions = [...(known?.interactions ?? [])];
  for (const interaction of piece.interactions) {
    const same = interactions.find(({ name }) => name === interaction.name);
    if (!same) interactions.push(interaction);
    else if (!isDeepStrictEqual(same.content, interaction.content)) throw contradiction(interaction.name, piece.file);
  }
  return { ...piece, interactions };
}

function write({ content, interactions }: Piece): string {
  const order = interactions.toSorted((one, other) => compare(one.description, other.description) || compare(one.name, other.name));
  const all = { ...content, interactions: order.map((interaction) => interaction.content) };
  return `${JSON.stringify(all, undefined, 2)}\n`;
}

function compare(one: string, other: string): number {
  return Number(one > other) - Number(one < other);
}

function contradiction(name: string, file: string): Problem {
  return new Problem({
    code: 'contract_invalid',
    what: 'Two tests describe the same interaction in different ways, so that one of them would be lost.',
    where: file,
    facts: { interaction: name },
    remedy: 'Give one of them another description or other provider states.',
  });
}

function interactionsLost(lost: readonly string[], declared: number): Problem {
  return new Problem({
    code: 'contract_empty',
    what: declared === 0 ? 'No test declares an interaction.' : 'Interactions are missing that tests declare.',
    facts: { expected: String(declared), missing: lost.join('; ') },
    remedy: 'Look whether each test runs what it declares, by `executeTest()`.',
  });
}
