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
export interface Described {
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
