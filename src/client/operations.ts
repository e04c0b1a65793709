import { calls } from '../generated/operations.ts';
import type { operations } from '../generated/types.ts';
import type { Arguments, InputOf, ResultOf } from './operation-types.ts';

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

/** The operations that the client has a method for: all but the one that issues tokens. */
export type OperationId = keyof typeof calls;

/** Operation id to what the client has to know of it. */
export const rows: Readonly<Record<string, OperationRow>> = calls;

/** The body of an operation's successful answer. */
export type Result<Id extends OperationId> = ResultOf<operations[Id]>;

/** What a caller gives an operation: its parameters by their place (`path`, `query`, `header`), its `body`, and a `signal`. */
export type Input<Id extends OperationId> = InputOf<operations[Id]>;

/** What comes of a call: a promise of the body, which can be asked for more. */
export interface CallPromise<Data> extends Promise<Data> {
  /** The body with the status and headers of its answer. Sends nothing of its own. */
  withResponse(): Promise<Called<Data>>;
}

/** What came of a call. */
export interface Called<Data> {
  data: Data;
  /** Status and headers. Its body has been read already: it is `data`. */
  response: Response;
}

/** The method of an operation. Its input may be left out where nothing in it is required. */
export type Call<Id extends OperationId> = (...input: Arguments<Input<Id>>) => CallPromise<Result<Id>>;
