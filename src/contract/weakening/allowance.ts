import type { Weakening, WeakeningRule } from '../../verify/weakening/weakening.ts';

/** One weakening that somebody has looked at. It allows the one that has the same interaction, path and rule, and no other. */
export interface Allowance {
  /** The contract's file; needed where two have an interaction of the same name, or where a contract is gone. */
  contract?: string;
  interaction?: string;
  path?: string;
  rule: WeakeningRule;
  reason: string;
}

export function allows(allowance: Allowance, { file, interaction, path, rule }: Weakening): boolean {
  const sameFile = allowance.contract === undefined || allowance.contract === file;
  return sameFile && allowance.interaction === interaction && allowance.path === path && allowance.rule === rule;
}
