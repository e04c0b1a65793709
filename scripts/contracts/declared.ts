import { appendFileSync, mkdirSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { State } from '../../src/contract/pact/contract.ts';
import { fieldsOf } from '../../src/contract/pact/fields.ts';

/** An interaction as a test declares it, before it is played. */
export interface Declared {
  description: string;
  states: State[];
}

const list = 'declared.jsonl';

/** Notes that a test has declared an interaction, in the folder into which it writes its contract. */
export function declare(folder: string, interaction: Declared): void {
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, list), `${JSON.stringify(interaction)}\n`);
}

/** What all tests below a folder have declared. */
export async function readDeclared(folder: string): Promise<Declared[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(list));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) => text.trim().split('\n').map(readLine));
}

function readLine(line: string): Declared {
  const { description, states } = fieldsOf(JSON.parse(line)) ?? {};
  return {
    description: String(description),
    states: (Array.isArray(states) ? states : []).map((state: unknown) => {
      const { name, params } = fieldsOf(state) ?? {};
      return { name: String(name), params: fieldsOf(params) ?? {} };
    }),
  };
}
