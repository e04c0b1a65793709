import { api, operationTable } from '../generated/operations.ts';
import type { operations } from '../generated/types.ts';

/** What the client has to know of an operation. */
export interface OperationRow {
  id: string;
  method: string;
  path: string;
  requestTypes: readonly string[];
  security: { scopes: readonly string[] } | null;
  issuesTokens: boolean;
}

type Table = typeof operationTable;

/** The operations that the client has a method for: all but the one that issues tokens. */
export type OperationId = {
  [Id in keyof Table]: Table[Id]['issuesTokens'] extends true ? never : Id;
}[keyof Table];

/** The operations of the specification without the one that issues tokens. */
export const rows: readonly OperationRow[] = Object.values<OperationRow>(operationTable).filter(
  ({ issuesTokens }) => !issuesTokens,
);

/** The production server. */
export const defaultBaseUrl: string | undefined = api.servers[0];

/** Every scope that an operation asks for, separated by spaces as a token request wants them. */
export const allScopes: string = [...new Set(rows.flatMap(({ security }) => security?.scopes ?? []))].join(' ');

type Content<Response> = Response extends { content: infer Types } ? Types[keyof Types] : undefined;

type Success<Responses> = {
  [Status in keyof Responses]: Status extends number ? (`${Status}` extends `2${string}` ? Status : never) : never;
}[keyof Responses];

/** The body of an operation's successful answer. */
export type Result<Id extends OperationId> = Content<operations[Id]['responses'][Success<operations[Id]['responses']>]>;

/** The parts of `Parts` that an operation has at all: openapi-typescript gives `never` to those it has not. */
type Present<Parts> = {
  [Name in keyof Parts as [Exclude<Parts[Name], undefined>] extends [never] ? never : Name]: Parts[Name];
};

type Body<Operation> = Operation extends { requestBody: { content: infer Types } }
  ? { body: Types[keyof Types] }
  : Operation extends { requestBody?: { content: infer Types } }
    ? { body?: Types[keyof Types] }
    : unknown;

/** What a caller gives an operation: its parameters by their place (`path`, `query`, `header`), its `body`, and a `signal`. */
export type Input<Id extends OperationId> = Present<Omit<operations[Id]['parameters'], 'cookie'>> &
  Body<Omit<operations[Id], 'parameters' | 'responses'>> & { signal?: AbortSignal };

/** The method of an operation. Its input may be left out where nothing in it is required. */
export type Call<Id extends OperationId> = (
  ...input: object extends Input<Id> ? [input?: Input<Id>] : [input: Input<Id>]
) => Promise<Result<Id>>;
