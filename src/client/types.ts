import type { calls } from '../generated/operations.ts';
import type { paths } from '../generated/types.ts';
import type { ErrorDetails } from './errors.ts';
import type { Redact } from './redact.ts';

/** An operation as openapi-typescript describes it. */
interface Described {
  parameters: object;
  responses: object;
}

/** Bodies by their media type: the value of JSON, a text, or else its bytes. */
type Content<Answer> = Answer extends { content: infer Types }
  ? [JsonOf<Types>] extends [never]
    ? { [Type in keyof Types]: Type extends `text/${string}` | `${string}xml${string}` ? string : Blob }[keyof Types]
    : JsonOf<Types>
  : undefined;

type JsonOf<Types> = {
  [Type in keyof Types]: Type extends `${string}json${string}` | '*/*' ? Types[Type] : never;
}[keyof Types];

type Range<Digit extends string> = `${Digit}XX` | `${Digit}xx`;

type StatusOf<Answers, Digit extends string> = {
  [Status in keyof Answers]: Status extends number
    ? `${Status}` extends `${Digit}${string}`
      ? Status
      : never
    : Status extends Range<Digit>
      ? Status
      : never;
}[keyof Answers];

/** Without a documented success, the default answer is that. */
type Success<Answers> = [StatusOf<Answers, '2'>] extends [never]
  ? Extract<keyof Answers, 'default'>
  : StatusOf<Answers, '2'>;

/** The body of an operation's successful answer. */
export type ResultOf<Operation extends Described> = Content<Operation['responses'][Success<Operation['responses']>]>;

/** The existing `Parts` of an operation: openapi-typescript gives the others `never`. */
type Present<Parts> = {
  [Name in keyof Parts as [Exclude<Parts[Name], undefined>] extends [never] ? never : Name]: Parts[Name];
};

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- only functions are compared by identity of types.
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

type ReadOnlyKeys<T> = {
  [Key in keyof T]-?: Same<Pick<T, Key>, { -readonly [_ in keyof Pick<T, Key>]: T[Key] }> extends true ? never : Key;
}[keyof T];

/** A body to send: what the service alone sets (`readOnly`) may be left out. */
type Writable<T> = T extends readonly (infer Item)[]
  ? Writable<Item>[]
  : T extends object
    ? [ReadOnlyKeys<T>] extends [never]
      ? { [Key in keyof T]: Writable<T[Key]> }
      : { [Key in keyof T as Exclude<Key, ReadOnlyKeys<T>>]: Writable<T[Key]> } & {
          [Key in ReadOnlyKeys<T>]?: Writable<T[Key]>;
        }
    : T;

export type Bytes = Blob | ArrayBuffer | Uint8Array<ArrayBuffer>;

/** A part of a form: a text may be a file. */
type FormOf<T> = { [Key in keyof T]: T[Key] extends readonly string[] | undefined ? T[Key] | Bytes[] : PartOf<T[Key]> };
type PartOf<T> = string extends T ? T | Bytes : T;

type BodyFor<Types, Type> = Type extends keyof Types
  ? Type extends `${string}json${string}` | '*/*' | `${string}urlencoded`
    ? Writable<Types[Type]>
    : Type extends `multipart/${string}`
      ? FormOf<Writable<Types[Type]>> | FormData
      : string | Bytes
  : never;

type Body<Operation, Row> = Operation extends { requestBody: { content: infer Types } }
  ? { body: BodyFor<Types, TypeOf<Types, Row>> }
  : Operation extends { requestBody?: { content: infer Types } }
    ? { body?: BodyFor<Types, TypeOf<Types, Row>> }
    : unknown;

/** The media type that the client sends. */
type TypeOf<Types, Row> = Row extends { type: infer Type } ? Type : keyof Types;

/** Parameters by place (`path`, `query`, `header`, `cookie`), `body` and `signal`. */
export type InputOf<Operation extends Described, Row = unknown> = Present<Operation['parameters']> &
  Body<Omit<Operation, 'parameters' | 'responses'>, Row> & { signal?: AbortSignal };

/** The input as arguments, optional if nothing in it is required. */
export type Arguments<Input> = object extends Input ? [input?: Input] : [input: Input];

/** The types of the operations of a table, from `paths`. */
type OperationsOf<Paths, Calls> = {
  readonly [Id in keyof Calls]: Calls[Id] extends {
    path: infer Path extends keyof Paths;
    method: infer Method extends string;
  }
    ? Lowercase<Method> extends keyof Paths[Path]
      ? Extract<Paths[Path][Lowercase<Method>], Described>
      : never
    : never;
};

type CallOf<Operation extends Described, Row> = (
  ...input: Arguments<InputOf<Operation, Row>>
) => CallPromise<ResultOf<Operation>>;

/** A client of an API: one method for each operation of its table. */
export type ClientOf<Paths, Calls> = {
  readonly [Id in keyof Calls]: CallOf<OperationsOf<Paths, Calls>[Id], Calls[Id]>;
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

/** Like `process.env`. */
export type Environment = Record<string, string | undefined>;

export interface UntypedInput {
  path?: Record<string, string | number | boolean | null | undefined>;
  query?: Record<string, unknown>;
  header?: Record<string, string>;
  cookie?: Record<string, unknown>;
  body?: unknown;
  signal?: AbortSignal;
}

export interface Answer {
  response: Response;
  body: string;
  details: ErrorDetails;
  redact: Redact;
}

/** What a request is built from. */
export interface RequestRow {
  method: string;
  path: string;
  /** The server of this operation alone, if it has one. */
  server?: string;
  /** Media type of its body. */
  type?: string;
  /** Media types of its answers, if there is no JSON. */
  accept?: string;
  /** Place to parameter to style, where it is not the usual one: `deepObject`; `form*` is exploded, `form+` has reserved characters. */
  styles?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Field of a form to its style or media type. */
  fields?: Readonly<Record<string, string>>;
}

export interface OperationRow extends RequestRow {
  /** Scopes of its OAuth 2 token; null if it needs none. */
  scopes: readonly string[] | null;
  /** Schemes of each alternative, where more than OAuth 2 client credentials is asked for. */
  security?: readonly (readonly string[])[];
  /** Documented success status to the JSON types of the body's top level; empty allows any. */
  answers: Readonly<Record<string, readonly string[]>>;
  /** Documented statuses of refusals, such as 404, but for 401 and 403. */
  refusals?: readonly string[];
}

/** Generated from the specification. */
export interface ApiTable {
  /** Production first. */
  servers: readonly string[];
  /** Every scope that a token can need. */
  scopes: readonly string[];
  /** The only URL that issues tokens, if the specification names one. */
  tokenUrl?: string | undefined;
  /** Security scheme to how it is presented: `header X-Key`, `query key`, `cookie key`, `basic` or `bearer`. */
  schemes?: Readonly<Record<string, string>>;
  /** Operation id to operation, without the one that issues tokens. */
  calls: Readonly<Record<string, OperationRow>>;
}

type Operations = OperationsOf<paths, typeof calls>;

/** All operations but the one that issues tokens. */
export type OperationId = keyof typeof calls;

/** The body of an operation's successful answer. */
export type Result<Id extends OperationId> = ResultOf<Operations[Id]>;

/** Parameters by place (`path`, `query`, `header`, `cookie`), `body` and `signal`. */
export type Input<Id extends OperationId> = InputOf<Operations[Id], (typeof calls)[Id]>;

/** The bodies of the documented refusals of an operation (4xx). */
export type RefusalBody<Id extends OperationId> = Content<
  Operations[Id]['responses'][
    | StatusOf<Operations[Id]['responses'], '4'>
    | Extract<keyof Operations[Id]['responses'], 'default'>]
>;

/** The method of an operation. */
export type Call<Id extends OperationId> = ClientOf<paths, typeof calls>[Id];
