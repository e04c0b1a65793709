import type { Contract } from '../../pact/model.ts';
import { fieldsOf } from '../../pact/input.ts';
import type { Part } from './part.ts';

/** One interaction as it stands in the contract of its part. */
export interface Entry {
  contract: Contract;
  list: 'interactions' | 'messages';
  value: unknown;
  /** Who declared it. */
  test: string;
}

/** The one interaction that was declared; or a sentence, where it is not there, or not alone. */
export function soleEntryOf({ folder, declared, contract }: Part): Entry | string {
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

/** What tells interactions apart: of the same consumer and provider, description and states. */
export function keyOf({ contract: { consumer, provider }, list, value }: Entry): string {
  const { description, providerStates, providerState, type } = fieldsOf(value) ?? {};
  return JSON.stringify([consumer, provider, list, description, providerStates ?? providerState ?? [], type]);
}

/** By description, as Pact itself writes them. */
export function orderOf(entry: Entry): string {
  return `${descriptionOf(entry.value)}\0${keyOf(entry)}`;
}

export function describeEntry({ contract: { consumer, provider }, value }: Entry): string {
  return `The interaction "${descriptionOf(value)}" of ${consumer} with ${provider}`;
}

function descriptionOf(value: unknown): string {
  return String(fieldsOf(value)?.['description']);
}

function valuesOf({ content }: Contract, list: 'interactions' | 'messages'): unknown[] {
  const values = fieldsOf(content)?.[list];
  return Array.isArray(values) ? values : [];
}
