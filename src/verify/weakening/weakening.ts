/** What was weakened, the same word for the same thing everywhere; docs/verification.md says what each means. */
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

/** Something that a contract demanded at its base and demands no more. */
export interface Weakening {
  /** The contract's file at the base. */
  file: string;
  /** The interaction's description and states at the base; none where the whole contract is gone. */
  interaction?: string;
  /** A JSON path from the interaction: `$.response.body.items[*].name`. None where it is gone as a whole. */
  path?: string;
  rule: WeakeningRule;
  /** One sentence: what was demanded, what is. */
  sentence: string;
}

/** What is known of a weakening before it is known whose it is. */
export type Loss = Pick<Weakening, 'rule' | 'sentence'> & { path: string };
