import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { displayPath } from '../../spec/display-path.ts';
import { Problem } from '../../spec/problem.ts';
import { codeOf, messageOf } from '../../spec/thrown.ts';
import { fieldsOf } from '../pact/fields.ts';
import type { Weakening } from './weakening.ts';

/** A weakening that is meant, and why. What is left out counts for any. */
export interface Allowance {
  contract?: string;
  interaction?: string;
  place?: string;
  rule?: string;
  reason: string;
}

const names = ['contract', 'interaction', 'place', 'rule', 'reason'] as const;

/** The file in the folder of the contracts. */
export const allowancesName = 'allowed-weakenings.yaml';

/**
 * Reads the weakenings that are meant, from the folder of the contracts; none where there is no such file.
 * @throws Problem if it is no list of allowances, each with a reason.
 */
export async function readAllowances(folder: string): Promise<Allowance[]> {
  const file = join(folder, allowancesName);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return '[]';
    throw error;
  });
  const flaw = (place: string, expected: string, found?: string): Problem =>
    new Problem({
      code: 'allowance_invalid',
      what: 'This is no list of weakenings that are meant.',
      where: `${displayPath(file)}: ${place}`,
      facts: { expected, found },
      remedy: `Name interaction, place or rule as \`arzamed verify --base\` prints them, and a reason.`,
    });
  let list: unknown;
  try {
    list = parse(text) ?? [];
  } catch (error) {
    throw flaw('$', 'YAML', messageOf(error).split('\n')[0]);
  }
  if (!Array.isArray(list)) throw flaw('$', 'a list');
  return list.map((each: unknown, index) =>
    readAllowance(each, (place, expected) => flaw(`$[${index}]${place}`, expected)),
  );
}

function readAllowance(value: unknown, flaw: (place: string, expected: string) => Problem): Allowance {
  const fields = fieldsOf(value);
  if (!fields) throw flaw('', `an object with ${names.join(', ')}`);
  const unknown = Object.keys(fields).find((name) => !names.some((each) => each === name));
  if (unknown !== undefined) throw flaw(`.${unknown}`, names.join(', '));
  const text = (name: (typeof names)[number]): string | undefined => {
    const found = fields[name];
    if (found === undefined) return undefined;
    if (typeof found !== 'string' || found.trim() === '') throw flaw(`.${name}`, 'a text');
    return found;
  };
  const reason = text('reason');
  if (reason === undefined) throw flaw('.reason', 'why the contract may demand less');
  const [contract, interaction, place, rule] = [text('contract'), text('interaction'), text('place'), text('rule')];
  if (contract === undefined && interaction === undefined) throw flaw('', 'the interaction, or the contract');
  return {
    reason,
    ...(contract === undefined ? {} : { contract }),
    ...(interaction === undefined ? {} : { interaction }),
    ...(place === undefined ? {} : { place }),
    ...(rule === undefined ? {} : { rule }),
  };
}

/** Whether a weakening is one of those that an allowance names. */
export function allows(allowance: Allowance, weakening: Weakening): boolean {
  return (['contract', 'interaction', 'place', 'rule'] as const).every(
    (name) => allowance[name] === undefined || allowance[name] === weakening[name],
  );
}
