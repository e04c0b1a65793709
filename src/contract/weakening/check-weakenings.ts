import type { Contract } from '../pact/contract.ts';
import { interactionName } from '../pact/interaction-name.ts';
import type { Verdict } from '../verdict.ts';
import { allows, type Allowance } from './allowances.ts';
import { findWeakenings } from './find-weakenings.ts';
import type { Weakening } from './weakening.ts';

/** Contracts as they were. */
export interface Base {
  /** As the user named it: `origin/main`. */
  revision: string;
  contracts: readonly Contract[];
  allowances: readonly Allowance[];
}

/** Holds contracts against what they were: `broken` is what they demand no more, unless it is named with a reason. */
export function checkWeakenings(now: readonly Contract[], { revision, contracts, allowances }: Base): Verdict[] {
  const weakenings = findWeakenings(contracts, now);
  const said = weakenings.map((weakening) => verdictOf(weakening, allowances));
  const weaker = new Set(weakenings.map(({ contract, interaction }) => `${contract}\n${interaction}`));
  const kept = now.flatMap(({ file, interactions }) =>
    interactions
      .map(interactionName)
      .filter((name) => !weaker.has(`${file}\n${name}`))
      .map((interaction): Verdict => {
        const sentence = `The contract demands no less than it did at ${revision}.`;
        return { net: 'weakening', result: 'holds', contract: file, interaction, rule: 'weakening', sentence };
      }),
  );
  return [...said, ...kept];
}

function verdictOf(weakening: Weakening, allowances: readonly Allowance[]): Verdict {
  const { sentence, ...where } = weakening;
  const allowance = allowances.find((each) => allows(each, weakening));
  if (allowance)
    return { net: 'weakening', result: 'holds', ...where, sentence: `${sentence} Meant: ${allowance.reason}` };
  return { net: 'weakening', result: 'broken', ...where, sentence };
}
