import type { calls } from '../generated/operations.ts';
import type { operations } from '../generated/types.ts';

// What the type of an operation, as openapi-typescript writes it, says of a call.

type Content<Response> = Response extends { content: infer Types } ? Types[keyof Types] : undefined;

type Success<Responses> = {
  [Status in keyof Responses]: Status extends number ? (`${Status}` extends `2${string}` ? Status : never) : never;
}[keyof Responses];

/** The parts of `Parts` that an operation has at all: openapi-typescript gives `never` to those it has not. */
type Present<Parts> = {
  [Name in keyof Parts as [Exclude<Parts[Name], undefined>] extends [never] ? never : Name]: Parts[Name];
};

type Body<Operation> = Operation extends { requestBody: { content: infer Types } }
  ? { body: Types[keyof Types] }
  : Operation extends { requestBody?: { content: infer Types } }
    ? { body?: Types[keyof Types] }
    : unknown;

/** An operation as openapi-typescript describes it. */
interface Described {
  parameters: object;
  responses: object;
}

/** The body of an operation's successful answer. */
export type ResultOf<Operation extends Described> = Content<Operation['responses'][Success<Operation['responses']>]>;

/** What a caller gives an operation: its parameters by their place (`path`, `query`, `header`), its `body`, and a `signal`. */
export type InputOf<Operation extends Described> = Present<Omit<Operation['parameters'], 'cookie'>> &
  Body<Omit<Operation, 'parameters' | 'responses'>> & { signal?: AbortSignal };

/** The input as arguments: it may be left out where nothing in it is required. */
export type Arguments<Input> = object extends Input ? [input?: Input] : [input: Input];

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

/** The operations that the client has a method for: all but the one that issues tokens. */
export type OperationId = keyof typeof calls;

/** The body of an operation's successful answer. */
export type Result<Id extends OperationId> = ResultOf<operations[Id]>;

/** What a caller gives an operation: its parameters by their place (`path`, `query`, `header`), its `body`, and a `signal`. */
export type Input<Id extends OperationId> = InputOf<operations[Id]>;

/** The method of an operation. Its input may be left out where nothing in it is required. */
export type Call<Id extends OperationId> = ClientOf<operations, OperationId>[Id];
