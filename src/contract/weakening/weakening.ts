/** Something that a contract demanded of its provider and demands no more. */
export interface Weakening {
  /** The contract's file, as it is or was. */
  contract: string;
  /** The interaction's name; absent where the whole contract is gone. */
  interaction?: string;
  /** Where in the contract: `$.response.body[*].name`. */
  place?: string;
  rule: WeakeningRule;
  /** One sentence: what was demanded, and what is now. */
  sentence: string;
}

export type WeakeningRule =
  | 'contract'
  | 'interaction'
  | 'state'
  | 'pending'
  | 'request'
  | 'status'
  | 'header'
  | 'body'
  | 'field'
  | 'type'
  | 'value'
  | 'length'
  | 'names'
  | 'contains';
