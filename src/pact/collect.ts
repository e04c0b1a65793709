import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { fieldsOf } from './input.ts';
import type { Part } from '../contract/collect/part.ts';
import { describeEntry, keyOf, orderOf, soleEntryOf, type Entry } from '../contract/collect/entry.ts';

/** The contracts that are made of all parts, and what is wrong with them. */
export interface Collected {
  /** The text of each contract by the name of its file. */
  files: Record<string, string>;
  /** How many interactions were declared. */
  declared: number;
  /** How many are in the contracts: what two tests declare alike is there once. */
  written: number;
  /** One sentence each; with any, the contracts are not to be used. */
  complaints: string[];
}

/** Puts the parts of contracts together, each interaction once, in an order that does not depend on who wrote first. */
export function collect(parts: readonly Part[]): Collected {
  const complaints: string[] = [];
  const entries = new Map<string, Entry>();
  for (const part of parts) {
    const entry = soleEntryOf(part);
    if (typeof entry === 'string') {
      complaints.push(entry);
      continue;
    }
    const known = entries.get(keyOf(entry));
    if (!known) entries.set(keyOf(entry), entry);
    else if (!isDeepStrictEqual(known.value, entry.value)) complaints.push(conflict(known, entry));
  }
  return { files: filesOf([...entries.values()]), declared: parts.length, written: entries.size, complaints };
}

function conflict(one: Entry, other: Entry): string {
  return `${describeEntry(one)} is declared twice with different contents, by ${one.test} and by ${other.test}.`;
}

/** Whoever wrote first, the contract begins as all its parts do. */
function filesOf(entries: readonly Entry[]): Record<string, string> {
  const sorted = entries.toSorted((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1));
  const contracts = new Map<string, Entry[]>();
  for (const entry of sorted) {
    const { consumer, provider } = entry.contract;
    const key = JSON.stringify([consumer, provider]);
    contracts.set(key, [...(contracts.get(key) ?? []), entry]);
  }
  return Object.fromEntries([...contracts.values()].flatMap((all) => fileOf(all)));
}

function fileOf(entries: readonly Entry[]): [string, string][] {
  const [first] = entries;
  if (!first) return [];
  const content = Object.fromEntries(
    Object.entries(fieldsOf(first.contract.content) ?? {}).map(([name, value]) => [
      name,
      name === 'interactions' || name === 'messages'
        ? entries.filter(({ list }) => list === name).map((entry) => entry.value)
        : value,
    ]),
  );
  return [[basename(first.contract.file), JSON.stringify(content, undefined, 2)]];
}
