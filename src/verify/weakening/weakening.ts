/** docs/verification.md says what each means. */
export const weakeningRules = [
  'contract',
  'interaction',
  'state',
  'pending',
  'request',
  'status',
  'header',
  'content type',
  'body',
  'field',
  'exact value',
  'null',
  'type',
  'integer',
  'pattern',
  'items',
  'names',
  'generator',
  'unproved',
] as const;
export type WeakeningRule = (typeof weakeningRules)[number];

export interface Weakening {
  file: string;
  /** The interaction's description and states at the base; none where the whole contract is gone. */
  interaction?: string;
  /** A JSON path from the interaction: `$.response.body.items[*].name`. None where it is gone as a whole. */
  path?: string;
  rule: WeakeningRule;
  sentence: string;
}

export type Loss = Pick<Weakening, 'rule' | 'sentence'> & { path: string };

export function loss(rule: WeakeningRule, path: string, sentence: string): Loss {
  return { rule, path, sentence };
}

/** One reviewed weakening. It allows only the one with the same interaction, path and rule. */
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
