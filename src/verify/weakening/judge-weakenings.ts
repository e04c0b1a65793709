import { isDeepStrictEqual } from 'node:util';
import type { Contract } from '../../pact/model.ts';
import { interactionName } from '../../contract/pact/interaction-name.ts';
import type { Verdict } from '../verdict.ts';
import { allows, type Allowance } from '../../contract/weakening/allowance.ts';
import { findWeakenings } from './find-weakenings.ts';
import type { Weakening } from './weakening.ts';

/** What there was, what there is, and what is allowed. */
export interface Comparison {
  base: readonly Contract[];
  head: readonly Contract[];
  /** The file of the allowances, as the user named it. */
  file: string;
  allowances: readonly Allowance[];
  /** Those that stood in the file at the base. They are history: what they allowed has been done, and they allow nothing again. */
  earlier: readonly unknown[];
}

/** Says of each interaction of the base whether as much is promised still. */
export function judgeWeakenings({ base, head, file, allowances, earlier }: Comparison): Verdict[] {
  const fresh = allowances.filter((each) => !earlier.some((known) => isDeepStrictEqual(known, each)));
  const found = findWeakenings(base, head);
  const weakened = found.map((each) => {
    const allowance = fresh.find((one) => allows(one, each));
    return allowance ? permitted(each, allowance) : forbidden(each, file);
  });
  const unneeded = fresh.filter((one) => !found.some((each) => allows(one, each)));
  return [...keptIn(base, found), ...weakened, ...unneeded.map((one) => superfluous(one, file, allowances))];
}

function keptIn(base: readonly Contract[], found: readonly Weakening[]): Verdict[] {
  return base.flatMap(({ file, interactions }) => {
    const lost = found.filter((each) => each.file === file);
    if (lost.some(({ rule }) => rule === 'contract')) return [];
    return interactions
      .map(interactionName)
      .filter((name) => !lost.some(({ interaction }) => interaction === name))
      .map((interaction) => ({
        ...told(file),
        interaction,
        rule: 'interaction',
        result: 'holds',
        sentence: 'As much is promised as before.',
      }));
  });
}

function permitted(weakening: Weakening, { reason }: Allowance): Verdict {
  return { ...verdictOf(weakening), result: 'holds', sentence: `${weakening.sentence} It is allowed: ${reason}` };
}

function forbidden(weakening: Weakening, file: string): Verdict {
  const { interaction, path, rule } = weakening;
  const contract = interaction === undefined ? weakening.file : undefined;
  const entry = JSON.stringify({ contract, interaction, path, rule, reason: '…' });
  return {
    ...verdictOf(weakening),
    result: 'broken',
    sentence: `${weakening.sentence} Restore it, or name it in ${file} with a reason: ${entry}`,
  };
}

function verdictOf({ file, interaction, path, rule }: Weakening): Omit<Verdict, 'result' | 'sentence'> {
  return {
    ...told(file),
    ...(interaction === undefined ? {} : { interaction }),
    ...(path === undefined ? {} : { place: path }),
    rule,
  };
}

function superfluous(allowance: Allowance, file: string, allowances: readonly Allowance[]): Verdict {
  return {
    ...told(file),
    place: `$[${allowances.indexOf(allowance)}]`,
    rule: 'allowance',
    result: 'broken',
    sentence: `In ${file}, this entry is new and allows nothing that has been weakened: correct it, or take it out.`,
  };
}

function told(contract: string): Pick<Verdict, 'net' | 'contract'> {
  return { net: 'weakening', contract };
}
