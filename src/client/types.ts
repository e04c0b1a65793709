import type { calls } from '../generated/operations.ts';
import type { operations } from '../generated/types.ts';

type Content<Response> = Response extends { content: infer Types } ? Types[keyof Types] : undefined;

type Success<Responses> = {
  [Status in keyof Responses]: Status extends number ? (`${Status}` extends `2${string}` ? Status : never) : never;
}[keyof Responses];

/** The existing `Parts` of an operation: openapi-typescript gives the others `never`. */
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

/** Parameters by place (`path`, `query`, `header`), `body` and `signal`. */
export type InputOf<Operation extends Described> = Present<Omit<Operation['parameters'], 'cookie'>> &
  Body<Omit<Operation, 'parameters' | 'responses'>> & { signal?: AbortSignal };

/** The input as arguments, optional if nothing in it is required. */
export type Arguments<Input> = object extends Input ? [input?: Input] : [input: Input];

/**
 * A client of an API: one method for each operation `Id`. `Operations` is the type `operations` from `arzamed types`.
 */
export type ClientOf<Operations, Id extends keyof Operations> = {
  readonly [Each in Id]: Operations[Each] extends Described
    ? (...input: Arguments<InputOf<Operations[Each]>>) => CallPromise<ResultOf<Operations[Each]>>
    : never;
};

/** A promise of the body. */
export interface CallPromise<Data> extends Promise<Data> {
  /** The body with its response; sends no further request. */
  withResponse(): Promise<Called<Data>>;
}

export interface Called<Data> {
  data: Data;
  /** Status and headers. Its body has been read: it is `data`. */
  response: Response;
}

export interface OperationRow {
  method: string;
  path: string;
  /** Required scopes; null if it needs no token. */
  scopes: readonly string[] | null;
  /** Media type of its body. */
  type?: string;
  /** Documented success status to the JSON types of the body's top level; empty allows any. */
  answers: Readonly<Record<string, readonly string[]>>;
}

/** Generated from the specification. */
export interface ApiTable {
  /** Production first. */
  servers: readonly string[];
  /** Every scope that a token can need. */
  scopes: readonly string[];
  /** Operation id to operation, without the one that issues tokens. */
  calls: Readonly<Record<string, OperationRow>>;
}

/** All operations but the one that issues tokens. */
export type OperationId = keyof typeof calls;

/** The body of an operation's successful answer. */
export type Result<Id extends OperationId> = ResultOf<operations[Id]>;

/** Parameters by place (`path`, `query`, `header`), `body` and `signal`. */
export type Input<Id extends OperationId> = InputOf<operations[Id]>;

/** The method of an operation. */
export type Call<Id extends OperationId> = ClientOf<operations, OperationId>[Id];
