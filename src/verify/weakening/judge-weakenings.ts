import { isDeepStrictEqual } from 'node:util';
import { interactionName, type Contract } from '../../pact/model.ts';
import type { Verdict } from '../verdict.ts';
import { findWeakenings } from './find-weakenings.ts';
import { listReader, notBlank } from './reasons.ts';
import { allows, weakeningRules, type Allowance, type Weakening } from './weakening.ts';

interface Comparison {
  base: readonly Contract[];
  head: readonly Contract[];
  /** The file of the allowances, as the user named it. */
  file: string;
  allowances: readonly Allowance[];
  /** The allowances at the base, which allow nothing again. */
  earlier: readonly unknown[];
}

/** Says of each interaction of the base whether the contracts still promise as much. */
export function judgeWeakenings({ base, head, file, allowances, earlier }: Comparison): Verdict[] {
  const fresh = allowances.filter((each) => !earlier.some((known) => isDeepStrictEqual(known, each)));
  const found = findWeakenings(base, head);
  const weakened = found.map((each): Verdict => {
    const allowance = fresh.find((one) => allows(one, each));
    const { interaction, path, rule, sentence } = each;
    const about = {
      ...told(each.file),
      ...(interaction !== undefined && { interaction }),
      ...(path !== undefined && { place: path }),
      rule,
    };
    if (allowance) return { ...about, result: 'holds', sentence: `${sentence} Allowed: ${allowance.reason}` };
    const contract = interaction === undefined ? each.file : undefined;
    const entry = JSON.stringify({ contract, interaction, path, rule, reason: '…' });
    const advice = `Restore it, or allow it in ${file} with a reason: ${entry}`;
    return { ...about, result: 'broken', sentence: `${sentence} ${advice}` };
  });
  const unneeded = fresh
    .filter((one) => !found.some((each) => allows(one, each)))
    .map((one): Verdict => {
      const sentence = `This new entry in ${file} matches no weakening: correct or remove it.`;
      const place = `$[${allowances.indexOf(one)}]`;
      return { ...told(file), place, rule: 'allowance', result: 'broken', sentence };
    });
  return [...keptIn(base, found), ...weakened, ...unneeded];
}

function keptIn(base: readonly Contract[], found: readonly Weakening[]): Verdict[] {
  const sentence = 'The contract requires as much as before.';
  return base.flatMap(({ file, interactions }) => {
    const lost = found.filter((each) => each.file === file);
    if (lost.some(({ rule }) => rule === 'contract')) return [];
    return interactions
      .map(interactionName)
      .filter((name) => !lost.some(({ interaction }) => interaction === name))
      .map((interaction) => ({ ...told(file), interaction, rule: 'interaction', result: 'holds', sentence }));
  });
}

function told(contract: string): Pick<Verdict, 'net' | 'contract'> {
  return { net: 'weakening', contract };
}

/**
 * Reads which weakenings are allowed, and why.
 * @param file as the user named it.
 * @throws Problem if it is not JSON, or not a list of entries with a rule and a reason.
 */
export const readAllowances = listReader<Allowance>('allowed weakenings', {
  type: 'object',
  properties: {
    contract: notBlank,
    interaction: notBlank,
    path: notBlank,
    rule: { enum: weakeningRules },
    reason: notBlank,
  },
  required: ['rule', 'reason'],
  additionalProperties: false,
});
