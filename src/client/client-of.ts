import type { Arguments, Described, InputOf, ResultOf } from './types.ts';

/**
 * A client of an API: one method for each operation. The input may be left out where nothing in it is required.
 * `Operations` is the type of that name that `arzamed types` writes, `Id` what the client has methods for.
 */
export type ClientOf<Operations, Id extends keyof Operations> = {
  readonly [Each in Id]: Operations[Each] extends Described
    ? (...input: Arguments<InputOf<Operations[Each]>>) => CallPromise<ResultOf<Operations[Each]>>
    : never;
};

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
