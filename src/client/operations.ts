import type { calls } from '../generated/operations.ts';
import type { operations } from '../generated/types.ts';
import type { ClientOf } from './client-of.ts';
import type { InputOf, ResultOf } from './types.ts';

/** The operations that the client has a method for: all but the one that issues tokens. */
export type OperationId = keyof typeof calls;

/** The body of an operation's successful answer. */
export type Result<Id extends OperationId> = ResultOf<operations[Id]>;

/** What a caller gives an operation: its parameters by their place (`path`, `query`, `header`), its `body`, and a `signal`. */
export type Input<Id extends OperationId> = InputOf<operations[Id]>;

/** The method of an operation. Its input may be left out where nothing in it is required. */
export type Call<Id extends OperationId> = ClientOf<operations, OperationId>[Id];
