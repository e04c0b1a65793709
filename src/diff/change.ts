/** One difference between two specifications, and what it means for those who call the API. */
export interface Change {
  /** `breaking`: a client that is right by the old specification can be wrong by the new one. */
  severity: 'breaking' | 'non-breaking';
  /** The same word for the same kind of change everywhere: `property-removed`, `token-url`, … */
  rule: string;
  /** `GET /path` as the old specification has it, or the new one where it is new; none where all operations are meant. */
  operation?: string;
  /** Operation id of the old specification. */
  operationId?: string;
  /** Whether it is in what is sent, in what is answered, or in how a caller shows who he is. */
  part: 'request' | 'response' | 'access' | 'operation';
  /** Status of the answer that has changed. */
  status?: string;
  /** Where in the body: `$[*].name`. */
  place?: string;
  /** One sentence: what was, what is. */
  sentence: string;
}

/** What is known of a change before it is known whose it is. */
export type Told = Pick<Change, 'severity' | 'rule' | 'sentence'> & Partial<Change>;
