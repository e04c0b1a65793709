/** The matching rules of a request or a response. What has none must be equal to the example. */
export interface MatchingRules {
  method?: RuleList;
  path?: RuleList;
  status?: RuleList;
  /** By name. */
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

/** One matching rule. `match` is the name in Pact's specification. */
export type Rule =
  | { match: 'type'; min?: number; max?: number }
  | { match: 'regex'; regex: string }
  | { match: 'include'; value: string }
  | { match: 'date' | 'time' | 'datetime'; format: string }
  | { match: 'contentType'; value: string }
  | { match: 'statusCode'; status: string | readonly number[] }
  | { match: 'arrayContains'; variants: readonly Variant[] }
  | { match: 'eachKey' | 'eachValue'; rules: readonly Rule[] }
  | { match: PlainMatch }
  /** A rule that Pact's specification does not have, such as that of a plugin. */
  | { match: 'unknown'; name: string };

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
export type PlainMatch = (typeof plainMatches)[number];

/** One thing that an array must contain: the item of the example at the index, under rules of its own. */
export interface Variant {
  index: number;
  rules: readonly PathRules[];
}
