/** What the client has to know of an operation. */
export interface OperationRow {
  method: string;
  path: string;
  /** What its token must allow; null where it needs none. */
  scopes: readonly string[] | null;
  /** Media type of its body. */
  type?: string;
  /** Documented status of success to the JSON types of its body's top level; none where they are left open. */
  answers: Readonly<Record<string, readonly string[]>>;
}

/** What the client has to know of an API: all of it is generated from the specification. */
export interface ApiTable {
  /** Production first. */
  servers: readonly string[];
  /** Every scope that a token can need. */
  scopes: readonly string[];
  /** Operation id to what is known of it: all operations but the one that issues tokens. */
  calls: Readonly<Record<string, OperationRow>>;
}
