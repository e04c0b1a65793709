import {
  canonical,
  type Branch,
  type Conjunction,
  type ResolvedSchema,
  type SchemaReader,
} from '../../openapi/schema.ts';
import { jsonTypes, type JsonType } from '../../util/json.ts';

/** Requests must still be accepted; responses must still be expected. */
export type Direction = 'request' | 'response';

/** How a value travels, which decides what differences a caller can see. */
export interface Lens {
  direction: Direction;
  /** `texts`: numbers and booleans are texts. `bytes`: a body that is not JSON, whose files need no type. */
  as: 'json' | 'texts' | 'bytes';
}

/** Whether values of one side are allowed by the other; undefined where that cannot be decided. */
export type Within = boolean | undefined;

/** Schemas in the same place of the two documents. */
export interface Below {
  /** The place below that of the schemas: `.name`, or empty. */
  step: string;
  before: Conjunction;
  after: Conjunction;
}

export interface Difference {
  rule: string;
  step: string;
  /** Whether what was allowed still is; where it is a list, that is so if one of the pairs keeps what was allowed. */
  kept: Within | readonly Below[];
  /** Whether what is allowed was allowed before. */
  known: Within | readonly Below[];
  sentence: string;
  /** Is told although it changes nothing for any value. */
  isNews?: boolean;
}

/** One of the two documents, and a way of keeping the schema that is compared. */
export interface Side {
  reader: SchemaReader;
  branch: Branch;
  types: ReadonlySet<JsonType>;
}

export interface Comparing {
  lens: Lens;
  /** Whether keywords that are only compared as they are written say the same on both sides. */
  isSameText: (before: unknown, after: unknown) => boolean;
}

/** A difference between what two sides demand, unless each is within the other. */
export function difference(
  rule: string,
  kept: Difference['kept'],
  known: Difference['known'],
  sentence: string,
  step = '',
): Difference[] {
  return kept === true && known === true ? [] : [{ rule, step, kept, known, sentence }];
}

export function news(rule: string, sentence: string, step = ''): Difference[] {
  return [{ rule, step, kept: true, known: true, sentence, isNews: true }];
}

/** All hold: no where one does not, undefined where one is not decided. */
export function every(verdicts: readonly Within[]): Within {
  return verdicts.includes(false) ? false : verdicts.includes(undefined) ? undefined : true;
}

/** The values of a keyword, each once. */
export function valuesOfKeyword({ parts }: Branch, ...keywords: readonly string[]): unknown[] {
  const found = parts.flatMap(({ schema }) => keywords.flatMap((keyword) => schema[keyword] ?? []));
  return [...new Map(found.map((value) => [canonical(value), value])).values()];
}

export function sayAll(values: readonly unknown[]): string {
  return values.map((each) => JSON.stringify(each)).join(' and ') || 'nothing';
}

export function typeNames(types: ReadonlySet<JsonType>): string {
  if (types.size === 0) return 'no value';
  if (types.size === jsonTypes.length) return 'any type';
  return [...types].filter((type) => type !== 'integer' || !types.has('number')).join(' or ');
}

/** A schema of the old document and the one in its place in the new. */
export interface Pair {
  key: string;
  before: ResolvedSchema;
  after: ResolvedSchema;
}

/** `kept`: what was allowed still is. `known`: what is allowed was before. */
export type Relation = 'kept' | 'known';

export const tooMany: Difference = {
  kept: undefined,
  known: undefined,
  rule: 'too-complex',
  step: '',
  sentence: 'schemas lead on to others so often that not all of them were compared.',
};

/** A resolved schema without parts: anything. */
export const anything: ResolvedSchema = { key: '', steps: [], parts: [], groups: [], never: false };
