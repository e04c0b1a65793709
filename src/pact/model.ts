import { fieldsOf } from '../util/json.ts';

/** A Pact file of version 1 (read as 2) to 4, in one form. */
export interface Contract {
  /** As the user named it: the file, or the file within the folder. */
  file: string;
  /** The file as it stands, for writing: numbers that JavaScript would spell otherwise are raw JSON. */
  content: unknown;
  version: 2 | 3 | 4;
  consumer: string;
  provider: string;
  interactions: Interaction[];
  /** Interactions that are not HTTP; they are not checked. */
  messages: Message[];
}

export interface Message {
  description: string;
  states: State[];
  /** `Asynchronous/Messages`, `Synchronous/Messages`, or whatever the contract calls it. */
  type: string;
}

export interface Interaction {
  /** Its place in the contract's list `interactions`. */
  index: number;
  key?: string;
  /** Whether failures are ignored (version 4). */
  pending: boolean;
  /** The plugins of Pact that its contents need (version 4). */
  plugins: readonly string[];
  description: string;
  states: State[];
  request: ContractRequest;
  response: ContractResponse;
}

export interface State {
  name: string;
  params: Readonly<Record<string, unknown>>;
}

export interface ContractRequest extends HttpPart {
  /** In capitals. */
  method: string;
  path: string;
  /** Values by name; null is a name without `=`. */
  query: ReadonlyMap<string, readonly (string | null)[]>;
}

export interface ContractResponse extends HttpPart {
  status: number;
}

export interface HttpPart {
  /** By name in small letters. */
  headers: ReadonlyMap<string, Header>;
  /** The content type of the body: what version 4 says of it, or the header. */
  contentType: string | undefined;
  body: Body;
  rules: MatchingRules;
  /** Parts that the provider state or Pact generates, as written in the contract. */
  generators: unknown;
}

export interface Header {
  name: string;
  /** Its lines, or the parts between the commas of one that Pact splits. */
  values: readonly string[];
}

/** Headers that Pact splits at commas, to compare each part by itself. */
export const splitHeaders: ReadonlySet<string> = new Set(
  (
    'accept accept-encoding accept-language access-control-allow-headers access-control-allow-methods ' +
    'access-control-expose-headers access-control-request-headers allow cache-control if-match if-none-match vary'
  ).split(' '),
);

/** `absent`: the contract says nothing of the body. `empty`: it demands that there is none. */
export type Body =
  | { kind: 'absent' }
  | { kind: 'empty' }
  | { kind: 'json'; value: unknown }
  | { kind: 'text'; text: string }
  | { kind: 'binary'; bytes: Uint8Array };

/** The matching rules of a request or a response. What has none must be equal to the example. */
export interface MatchingRules {
  method?: RuleList;
  path?: RuleList;
  status?: RuleList;
  query: ReadonlyMap<string, RuleList>;
  /** By name in small letters. */
  header: ReadonlyMap<string, RuleList>;
  body: readonly PathRules[];
}

export interface RuleList {
  combine: 'and' | 'or';
  rules: readonly Rule[];
}

/** Rules for the places of a body that a path leads to, and for all below them that have none of their own. */
export interface PathRules extends RuleList {
  /** As the contract writes it, from the body on: `$.items[*].id`. */
  text: string;
  path: readonly PathStep[];
}

/** A name, an index, `.*` or `[*]`; the root `$` is no step. */
export type PathStep = string | number | { any: 'key' | 'index' };

type RuleFields = {
  type: { min?: number; max?: number };
  regex: { regex: string };
  include: { value: string };
  contentType: { value: string };
  statusCode: { status: string | readonly number[] };
  arrayContains: { variants: readonly Variant[] };
  /** A rule that Pact's specification does not define, such as one of a plugin. */
  unknown: { name: string };
} & Record<'date' | 'time' | 'datetime', { format: string }> &
  Record<'eachKey' | 'eachValue', { rules: readonly Rule[] }> &
  Record<PlainMatch, unknown>;

export type RuleOf<M extends keyof RuleFields> = { [K in M]: { match: K } & RuleFields[K] }[M];

export type Rule = RuleOf<keyof RuleFields>;

export const plainMatches = [
  'equality',
  'integer',
  'decimal',
  'number',
  'boolean',
  'null',
  'values',
  'notEmpty',
  'semver',
] as const;
type PlainMatch = (typeof plainMatches)[number];

/** One thing that an array must contain: the item of the example at the index, under rules of its own. */
export interface Variant {
  index: number;
  rules: readonly PathRules[];
}

/** The name of an interaction: its description, and its states with their parameters. */
export function interactionName({ description, states }: Pick<Interaction, 'description' | 'states'>): string {
  if (states.length === 0) return description;
  const words = states.map(({ name, params }) => {
    const details = Object.entries(params).map(([key, value]) => `${key}: ${showParameter(value)}`);
    return details.length > 0 ? `${name} (${details.join(', ')})` : name;
  });
  return `${description}, given ${words.join(' and ')}`;
}

export function showParameter(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The value that a body stands for as an example; undefined without a body, null where there must be none. */
export function exampleBody(body: Body): unknown {
  if (body.kind === 'json') return body.value;
  if (body.kind === 'text') return body.text;
  return { absent: undefined, empty: null, binary: '' }[body.kind];
}

/** The names of the values that a request takes from its provider states: `accessToken` of `Bearer ${accessToken}`. */
export function valuesFromStates({ generators }: Pick<ContractRequest, 'generators'>): string[] {
  if (typeof generators !== 'object' || generators === null) return [];
  // Generators stand below `path`, or below a name in `headers`, `query` and `body`.
  const { type, expression } = fieldsOf(generators) ?? {};
  if (type !== 'ProviderState')
    return Object.values(generators).flatMap((each: unknown) => valuesFromStates({ generators: each }));
  return [...String(expression).matchAll(/\$\{([^}]+)\}/g)].map(([, name = '']) => name);
}

/** The text of a Pact file with some of a contract's entries, as they stand there. @param keep the entries of each list. */
export function writeContract(
  { content }: Pick<Contract, 'content'>,
  keep: Readonly<Partial<Record<'interactions' | 'messages', readonly unknown[]>>>,
): string {
  const { interactions = [], messages = [] } = keep;
  const entries = Object.entries(fieldsOf(content) ?? {}).map(([name, value]) => [
    name,
    name === 'interactions' ? interactions : name === 'messages' ? messages : value,
  ]);
  return JSON.stringify(Object.fromEntries(entries), undefined, 2);
}

export function writeInteraction(contract: Pick<Contract, 'content'>, { index }: Pick<Interaction, 'index'>): string {
  const interactions = fieldsOf(contract.content)?.['interactions'];
  return writeContract(contract, { interactions: Array.isArray(interactions) ? [interactions[index]] : [] });
}
