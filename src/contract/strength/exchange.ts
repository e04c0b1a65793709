/** An answer as it goes over the wire. */
export interface Answer {
  readonly status: number;
  /** By name in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Request {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What happened at the provider for one interaction of a contract. */
export interface Exchange {
  /** The contract's file, as the user named it. */
  readonly contract: string;
  /** The interaction's index in it. */
  readonly index: number;
  /** Its description and states. */
  readonly interaction: string;
  /** The id of the operation that the request is for; undefined where the specification has none. */
  readonly operation: string | undefined;
  readonly request: Request;
  readonly answer: Answer;
  /** What the provider answered to each state change, by the request's body. */
  readonly states: ReadonlyMap<string, string>;
}
