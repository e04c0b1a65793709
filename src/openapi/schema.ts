import { fromPointer, isFields, jsonTypeOf, jsonTypes, valueAt, type JsonType } from '../util/json.ts';
import { compilePattern } from '../util/regex/match-text.ts';
import type { OpenApiDocument } from './document.ts';
import { follow } from './look-up.ts';
import { toKeywords2020 } from './load/keywords.ts';
import { partsOfMessage, type MessageKind } from './values/message.ts';

export type Steps = readonly string[];

/** Schemas that a value must keep all at once; none of them: anything may stand there. */
export type Conjunction = readonly Steps[];

export type Keywords = Readonly<Record<string, unknown>>;

/** One schema of a conjunction: its own keywords, without its alternatives and references. */
interface SchemaPart {
  steps: Steps;
  /** The keys from the schema of the conjunction to this one, past any reference: `['allOf', '0']`. */
  within: Steps;
  schema: Keywords;
}

/** Parts that a value keeps all at once. Without parts, it may be anything. */
export interface Branch {
  parts: readonly SchemaPart[];
}

/** A conjunction with its references followed and its `allOf` put together. */
export interface ResolvedSchema extends Branch {
  /** The same for conjunctions of the same schemas; what only describes does not count. */
  key: string;
  steps: Conjunction;
  /** The lists of `oneOf` and `anyOf`: a value keeps an alternative of each. */
  groups: readonly Alternatives[];
  never: boolean;
}

interface Alternatives {
  key: string;
  keyword: string;
  schemas: readonly Steps[];
  within: readonly Steps[];
}

const silent = new Set(
  '$ref $id $schema $comment $defs allOf oneOf anyOf title description example examples default deprecated readOnly writeOnly xml externalDocs discriminator'.split(
    ' ',
  ),
);

export class SchemaReader {
  readonly document: OpenApiDocument;
  /** Whether the document is of OpenAPI 3.0, in which nothing beside a `$ref` counts. */
  readonly #old: boolean;
  readonly #message: MessageKind | undefined;
  readonly #read = new Map<string, ResolvedSchema>();
  readonly #alone = new WeakMap<Steps, ResolvedSchema>();
  readonly #keys = new Map<string, string>();
  readonly #types = new Map<string, ReadonlySet<JsonType>>();

  /** @param message what the values are of: a property that has no place in it is not required. */
  constructor(document: OpenApiDocument, message?: MessageKind) {
    this.document = document;
    this.#message = message;
    this.#old = document.openapi.startsWith('3.0');
  }

  read(conjunction: Conjunction): ResolvedSchema {
    const [first] = conjunction;
    const alone = conjunction.length === 1 ? first : undefined;
    const quick = alone && this.#alone.get(alone);
    if (quick) return quick;
    const key = keyOfConjunction(conjunction);
    const found = this.#read.get(key) ?? this.#resolve(conjunction, new Set());
    this.#read.set(key, found);
    if (alone) this.#alone.set(alone, found);
    return found;
  }

  /** @param seen the places of the schemas that are read: one that leads back to itself adds nothing. */
  #resolve(conjunction: Conjunction, seen: Set<string>): ResolvedSchema {
    const parts: SchemaPart[] = [];
    const groups: Alternatives[] = [];
    let never = false;
    const ahead: { steps: Steps; within: Steps }[] = conjunction.map((steps) => ({ steps, within: [] })).toReversed();
    for (let next = ahead.pop(); next; next = ahead.pop()) {
      const { steps, within } = next;
      const place = keyOf(steps);
      if (seen.has(place)) continue;
      seen.add(place);
      const schema = valueAt(this.document, steps);
      if (schema === false) never = true;
      if (!isFields(schema)) continue;
      const { $ref } = schema;
      const below: { steps: Steps; within: Steps }[] = [];
      if (typeof $ref === 'string') below.push({ steps: this.at(fromPointer($ref.slice(1))), within });
      if (typeof $ref !== 'string' || !this.#old) {
        parts.push({ steps, within, schema: this.#old ? toKeywords2020(schema) : schema });
        for (const keyword of ['allOf', 'oneOf', 'anyOf']) {
          const list = listOf(schema[keyword]).map((_, index) => [keyword, String(index)]);
          const inner = list.map((way) => ({ steps: [...steps, ...way], within: [...within, ...way] }));
          if (keyword === 'allOf' || inner.length === 1) below.push(...inner);
          else if (inner.length > 1)
            groups.push({
              key: `${place}\0${keyword}`,
              keyword,
              schemas: inner.map((each) => each.steps),
              within: inner.map((each) => each.within),
            });
        }
      }
      ahead.push(...below.toReversed());
    }
    const telling = parts.filter((part) => !isSilent({ parts: [part] }));
    const keys = [...telling.map(({ steps }) => keyOf(steps)), ...groups.map((each) => each.key)];
    const key = never ? 'false' : keys.toSorted().join(' ');
    const short = this.#keys.get(key) ?? String(this.#keys.size);
    this.#keys.set(key, short);
    return {
      steps: conjunction,
      parts: partsOfMessage(this.document, parts, this.#message),
      groups,
      never,
      key: short,
    };
  }

  /** The steps with no reference on the way; a last one stays, to be read with what stands beside it. */
  at(steps: Steps): Steps {
    return [...follow(this.document, steps.slice(0, -1)), ...steps.slice(-1)];
  }

  types(schema: ResolvedSchema): ReadonlySet<JsonType> {
    const known = this.#types.get(schema.key);
    if (known) return known;
    // Alternatives that lead back to themselves say nothing.
    this.#types.set(schema.key, new Set(jsonTypes));
    let types = schema.never ? new Set<JsonType>() : typesOfBranch(schema);
    for (const { schemas } of schema.groups) {
      const some = new Set(schemas.flatMap((each) => [...this.types(this.read([each]))]));
      types = new Set([...types].filter((type) => some.has(type)));
    }
    this.#types.set(schema.key, types);
    return types;
  }

  /** What stands below a name, `unevaluatedProperties` considered. Without a name: below any that is not described. */
  property(branch: Branch, name?: string): Conjunction | 'nothing' {
    return this.#withUnevaluated(
      branch,
      propertyOf(branch, name),
      'unevaluatedProperties',
      (schema) => schema['additionalProperties'] !== undefined || childrenOf(schema, name).length > 0,
    );
  }

  /** What an item at an index keeps, `unevaluatedItems` considered. */
  item(branch: Branch, index: number): Conjunction | 'nothing' {
    return this.#withUnevaluated(
      branch,
      itemOf(branch, index),
      'unevaluatedItems',
      (schema) =>
        schema['items'] !== undefined ||
        schema['contains'] !== undefined ||
        index < listOf(schema['prefixItems']).length,
    );
  }

  #withUnevaluated(
    { parts }: Branch,
    found: Conjunction | 'nothing',
    keyword: 'unevaluatedProperties' | 'unevaluatedItems',
    evaluates: (schema: Keywords) => boolean,
  ): Conjunction | 'nothing' {
    if (found === 'nothing') return found;
    const more: Steps[] = [];
    for (const { steps, schema } of parts) {
      const others = schema[keyword];
      if (others === undefined || others === true || this.#evaluates(this.read([steps]), evaluates, new Set()))
        continue;
      if (others === false) return 'nothing';
      more.push([...steps, keyword]);
    }
    return [...found, ...more];
  }

  #evaluates({ key, parts, groups }: ResolvedSchema, here: (schema: Keywords) => boolean, seen: Set<string>): boolean {
    if (seen.has(key)) return false;
    seen.add(key);
    return (
      parts.some(({ schema }) => here(schema)) ||
      groups.some(({ schemas }) => schemas.some((each) => this.#evaluates(this.read([each]), here, seen)))
    );
  }

  /**
   * The ways in which a value may keep all of the schemas. A value that keeps them is in one of the branches; not each value of a
   * branch keeps them, since `not`, `if`, and that `oneOf` allows one alone, are left out. So what holds for all branches holds.
   * @param tooMany what happens where there are more than `most`: all but the first ones are left out, or it throws `TooManyBranches`.
   */
  expand(conjunction: Conjunction, tooMany: 'throw' | 'cut' = 'throw', most = mostBranches): Branch[] {
    return this.#expand(conjunction, new Set(), { isCut: tooMany === 'cut', most, steps: mostSteps });
  }

  /** @param limits `steps` counts down: alternatives of alternatives may lead to the same schemas again and again. */
  #expand(
    conjunction: Conjunction,
    above: ReadonlySet<string>,
    limits: { readonly isCut: boolean; readonly most: number; steps: number },
  ): Branch[] {
    const { isCut, most } = limits;
    limits.steps -= 1;
    if (limits.steps < 0) {
      if (isCut) return [];
      throw new TooManyBranches();
    }
    const seen = new Set(above);
    const { parts, groups, never } = this.#resolve(conjunction, seen);
    if (never) return [];
    let branches: Branch[] = [{ parts }];
    for (const { schemas } of groups) {
      const list: Branch[] = [];
      for (const each of schemas) {
        if (isCut && list.length >= most) break;
        list.push(...this.#expand([each], seen, limits));
        if (!isCut && branches.length * list.length > most) throw new TooManyBranches();
      }
      branches = branches
        .flatMap((one) => list.map((other) => ({ parts: [...one.parts, ...other.parts] })))
        .slice(0, most);
    }
    return groups.length === 0
      ? branches
      : branches.map((branch) => ({ parts: partsOfMessage(this.document, branch.parts, this.#message) }));
  }
}

const mostBranches = 64;
const mostSteps = 2000;

export class TooManyBranches extends Error {}

export function keyOfConjunction(schemas: Conjunction): string {
  return schemas.map(keyOf).toSorted().join(' ');
}

/** Whether no keyword of a branch, its alternatives aside, limits a value. */
export function isSilent({ parts }: Branch): boolean {
  return parts.every(({ schema }) => Object.keys(schema).every((each) => silent.has(each) || each.startsWith('x-')));
}

function keyOf(steps: Steps): string {
  return steps.join('\0');
}

/**
 * The JSON types that a value may have by the schema at the steps, sorted: `['array']`. Empty where the schema leaves
 * them open. What counts is what a parser sees, so an integer is a number.
 */
export function typesOf(document: OpenApiDocument, steps: Steps): string[] {
  const reader = new SchemaReader(document);
  const types = reader.types(reader.read([steps]));
  if (types.size === jsonTypes.length) return [];
  return [...new Set([...types].map((type) => (type === 'integer' ? 'number' : type)))].toSorted();
}

export function typesOfBranch(branch: Branch): Set<JsonType> {
  const values = valuesOf(branch);
  return values ? new Set(values.map(jsonTypeOf)) : statedTypes(branch);
}

function statedTypes({ parts }: Branch): Set<JsonType> {
  const types = new Set(jsonTypes);
  for (const { schema } of parts) {
    if (schema['type'] === undefined) continue;
    const allowed = typesOfPart(schema);
    for (const type of types) if (!allowed.has(type)) types.delete(type);
  }
  return types;
}

function typesOfPart({ type, nullable }: Keywords): Set<JsonType> {
  const names = new Set([type].flat().map(String));
  // OpenAPI 3.0 says null beside the type.
  if (nullable === true) names.add('null');
  if (names.has('number')) names.add('integer');
  return new Set(jsonTypes.filter((each) => names.has(each)));
}

/** The values that a branch is limited to by `const` and `enum`, or undefined where there is no such limit. */
export function valuesOf(branch: Branch): unknown[] | undefined {
  const types = statedTypes(branch);
  let values: unknown[] | undefined;
  for (const { schema } of branch.parts) {
    const lists = [schema['enum'], Object.hasOwn(schema, 'const') ? [schema['const']] : undefined];
    for (const list of lists) {
      if (!Array.isArray(list)) continue;
      const known = new Set(list.map(canonical));
      values = (values ?? list).filter((value) => known.has(canonical(value)));
    }
  }
  return values?.filter((value) => types.has(jsonTypeOf(value)));
}

/** A JSON value as a text that is the same for equal values. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    isFields(each) ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1))) : each,
  );
}

export function requiredOf({ parts }: Branch): Set<string> {
  return new Set(parts.flatMap(({ schema }) => listOf(schema['required']).filter((name) => typeof name === 'string')));
}

export function namesOf({ parts }: Branch): Set<string> {
  return new Set(parts.flatMap(({ schema }) => keysOf(schema['properties'])));
}

export function patternsOf({ parts }: Branch): Set<string> {
  return new Set(parts.flatMap(({ schema }) => keysOf(schema['patternProperties'])));
}

/** What stands below a name, or 'nothing' where there may be no such property. Without a name: below any that is not described. */
export function propertyOf({ parts }: Branch, name?: string): Conjunction | 'nothing' {
  return below(parts, (schema) => childrenOf(schema, name), 'additionalProperties');
}

/** What stands below names that are of some patterns and of no others. */
export function patternOf({ parts }: Branch, ...patterns: readonly string[]): Conjunction | 'nothing' {
  const own = ({ patternProperties }: Keywords): string[][] =>
    keysOf(patternProperties).flatMap((each) => (patterns.includes(each) ? [['patternProperties', each]] : []));
  return below(parts, own, 'additionalProperties');
}

export function describes({ parts }: Branch, name: string): boolean {
  return parts.some(({ schema }) => childrenOf(schema, name).length > 0);
}

/** What an item at an index keeps, or 'nothing' where the array ends before. */
export function itemOf({ parts }: Branch, index: number): Conjunction | 'nothing' {
  const own = ({ prefixItems }: Keywords): string[][] =>
    index < listOf(prefixItems).length ? [['prefixItems', String(index)]] : [];
  return below(parts, own, 'items');
}

/** What parts say of a place below: by what they say of it alone, otherwise by what they say of all others. */
function below(
  parts: Branch['parts'],
  ownOf: (schema: Keywords) => string[][],
  others: 'additionalProperties' | 'items',
): Conjunction | 'nothing' {
  const found: Steps[] = [];
  for (const { steps, schema } of parts) {
    const own = ownOf(schema);
    for (const way of own) found.push([...steps, ...way]);
    if (own.length > 0) continue;
    if (schema[others] === false) return 'nothing';
    if (isFields(schema[others])) found.push([...steps, others]);
  }
  return found;
}

function childrenOf(schema: Keywords, name: string | undefined): string[][] {
  if (name === undefined) return [];
  const own = valueAt(schema, ['properties', name]) !== undefined ? [['properties', name]] : [];
  const patterns = keysOf(schema['patternProperties']).filter((pattern) => matches(pattern, name));
  return [...own, ...patterns.map((pattern) => ['patternProperties', pattern])];
}

export function fixedItems({ parts }: Branch): number {
  return Math.max(0, ...parts.map(({ schema }) => listOf(schema['prefixItems']).length));
}

/** The largest length that a branch allows: `items: false` ends an array as well. */
export function mostItems(branch: Branch): number | undefined {
  const most = boundOf(branch, 'maxItems');
  for (let index = 0; index <= fixedItems(branch); index += 1)
    if (itemOf(branch, index) === 'nothing') return Math.min(index, most ?? Infinity);
  return most;
}

/** The tightest of a keyword's numbers: the smallest of upper bounds, otherwise the largest. Undefined where no part has it. */
export function boundOf({ parts }: Branch, keyword: string): number | undefined {
  const values = parts.map(({ schema }) => schema[keyword]).filter((value) => typeof value === 'number');
  if (values.length === 0) return undefined;
  return /^(?:max|exclusiveMax)/.test(keyword) ? Math.min(...values) : Math.max(...values);
}

function matches(pattern: string, name: string): boolean {
  try {
    return compilePattern(pattern).test(name);
  } catch {
    return true;
  }
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const keysOf = (value: unknown): string[] => (isFields(value) ? Object.keys(value) : []);
