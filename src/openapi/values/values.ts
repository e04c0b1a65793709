import { entriesOf, isList, jsonTypes, valueAt, type JsonType } from '../../util/json.ts';
import { times } from '../../util/decimal.ts';
import { drawBelow, drawFrom, type Random } from '../../util/random.ts';
import { drawText } from '../../util/regex/draw-text.ts';
import type { OpenApiDocument } from '../document.ts';
import { isHidden, type MessageKind } from './message.ts';
import type { SchemaChecker, Violation } from '../schema-checker.ts';
import {
  boundOf,
  canonical,
  fixedItems,
  itemOf,
  mostItems,
  namesOf,
  patternsOf,
  propertyOf,
  requiredOf,
  SchemaReader,
  typesOfBranch,
  valuesOf,
  type Branch,
  type Conjunction,
  type Keywords,
  type Steps,
} from '../schema.ts';
import { drawString } from './strings.ts';

/** Below this depth, optional parts are left out. */
const shallow = 4;
/** Schemas that contain themselves end here. */
const deepest = 25;
/** A value has optional parts up to this many nodes, and is given up at the other number. */
const usualSize = 400;
const largestSize = 4000;

/** Makes valid values for the schemas of a document. */
export class Values {
  readonly #reader: SchemaReader;
  readonly #checker: SchemaChecker;

  constructor(document: OpenApiDocument, checker: SchemaChecker) {
    this.#reader = new SchemaReader(document);
    this.#checker = checker;
  }

  /**
   * At most `count` valid values for a schema, each once: first the plainest, which depends on nothing random.
   * Empty where none is found.
   */
  valid(schema: Steps, message: MessageKind, count: number, random: Random): unknown[] {
    return this.validByAll([this.#reader.at(schema)], message, count, random);
  }

  /** The same for values that keep all of some schemas. */
  validByAll(schemas: Conjunction, message: MessageKind, count: number, random: Random): unknown[] {
    const found = new Map<string, unknown>();
    for (let attempt = 0; attempt < count * 4 + 8 && found.size < count; attempt += 1) {
      const draft = new Draft(this.#reader, this.#checker, message, random, attempt === 0);
      const value = draft.make(schemas);
      const isValid = value !== undefined && schemas.every((schema) => this.isValid(schema, value, message));
      if (isValid) found.set(canonical(value), value);
    }
    return [...found.values()];
  }

  isValid(schema: Steps, value: unknown, message: MessageKind): boolean {
    return this.violations(schema, value, message).length === 0;
  }

  violations(schema: Steps, value: unknown, message: MessageKind): Violation[] {
    return this.#checker.check(schema, value, message);
  }

  /** A draft of a value that keeps some schemas, unchecked. */
  made(conjunction: Conjunction, message: MessageKind, random: Random): unknown {
    return new Draft(this.#reader, this.#checker, message, random, true).make(conjunction);
  }

  /** What stands below a name or an index, in any of the ways to keep the schemas. */
  below(conjunction: Conjunction, step: string): Conjunction | 'nothing' {
    const branch = this.#merged(conjunction);
    const types = typesOfBranch(branch);
    return types.has('array') && !types.has('object') ? itemOf(branch, Number(step)) : propertyOf(branch, step);
  }

  #merged(conjunction: Conjunction): Branch {
    const parts = this.#reader.expand(conjunction, 'cut').flatMap((branch) => branch.parts);
    return { parts: [...new Map(parts.map((part) => [part.steps.join('\0'), part])).values()] };
  }

  /** A copy of a value without the properties that have no place in the message. */
  fitting(conjunction: Conjunction | 'nothing', value: unknown, message: MessageKind): unknown {
    if (typeof value !== 'object' || value === null || conjunction === 'nothing' || conjunction.length === 0)
      return value;
    const branch = this.#merged(conjunction);
    if (isList(value)) return value.map((item, index) => this.fitting(itemOf(branch, index), item, message));
    const kept = Object.entries(value).filter(([name]) => !hides(this.#reader.document, branch, name, message));
    return Object.fromEntries(
      kept.map(([name, below]: [string, unknown]) => [name, this.fitting(propertyOf(branch, name), below, message)]),
    );
  }
}

/** One attempt. Not every keyword is considered where it is cheaper to try again, so the caller must check the value. */
class Draft {
  readonly #reader: SchemaReader;
  readonly #checker: SchemaChecker;
  readonly #message: MessageKind;
  readonly #wild: Random;
  #random: Random;
  #size = 0;

  /** @param plain whether the first of what is possible is taken everywhere, unless that fails. */
  constructor(reader: SchemaReader, checker: SchemaChecker, message: MessageKind, random: Random, plain: boolean) {
    this.#reader = reader;
    this.#checker = checker;
    this.#message = message;
    this.#wild = random;
    this.#random = plain ? () => 0 : random;
  }

  /** A value that keeps the schemas; undefined where none is found. */
  make(conjunction: Conjunction, depth = 0): unknown {
    this.#size += 1;
    if (depth > deepest || this.#size > largestSize) return undefined;
    const branches = this.#reader.expand(conjunction, 'cut');
    const isDeep = this.#isDeep(depth);
    if (isDeep) branches.sort((one, other) => weightOf(one) - weightOf(other));
    const first = isDeep ? 0 : this.#draw(branches.length);
    const tries = branches.some(isHard) ? 30 : branches.length;
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const branch = branches[(first + attempt) % branches.length];
      if (!branch) break;
      const value = attempt === 0 ? this.#ofBranch(branch, depth) : this.#wildly(() => this.#ofBranch(branch, depth));
      if (value !== undefined && (!isHard(branch) || this.#keeps(conjunction, value))) return value;
    }
    return undefined;
  }

  #isDeep(depth: number): boolean {
    return depth > shallow || this.#size > usualSize;
  }

  #draw(end: number): number {
    return drawBelow(this.#random, end);
  }

  #wildly<Result>(act: () => Result): Result {
    const before = this.#random;
    this.#random = this.#wild;
    try {
      return act();
    } finally {
      this.#random = before;
    }
  }

  #keeps(conjunction: Conjunction, value: unknown): boolean {
    return conjunction.every((steps) => this.#checker.check(this.#reader.at(steps), value, this.#message).length === 0);
  }

  #ofBranch(chosen: Branch, depth: number): unknown {
    const branch = this.#complete(chosen);
    const values = valuesOf(branch);
    if (values) return drawFrom(this.#random, values);
    const types = likelyTypes(branch);
    return this.#ofType(types[this.#isDeep(depth) ? 0 : this.#draw(types.length)], branch, depth);
  }

  /** With the parts that are meant by `if`, `dependentSchemas` and `$dynamicRef`; a part that turns out wrong is left out next time. */
  #complete({ parts: own }: Branch): Branch {
    const parts = [...own];
    const seen = new Set(parts.map(({ steps }) => steps.join('\0')));
    // It ends, since each schema is added once.
    for (const { steps, schema } of parts) {
      for (const more of this.#implied(steps, schema)) {
        if (seen.has(more.join('\0'))) continue;
        seen.add(more.join('\0'));
        parts.push(...(drawFrom(this.#random, this.#reader.expand([more], 'cut'))?.parts ?? []));
      }
    }
    return { parts };
  }

  #implied(steps: Steps, schema: Keywords): Steps[] {
    const { $dynamicRef, if: condition, dependentSchemas } = schema;
    const implied: Steps[] = [];
    if (typeof $dynamicRef === 'string') {
      const anchored = anchorIn(this.#reader.document, $dynamicRef);
      if (anchored) implied.push(anchored);
    }
    if (condition !== undefined) {
      const way = [['if', 'then'], ['else'], []][this.#draw(3)] ?? [];
      implied.push(...way.filter((keyword) => schema[keyword] !== undefined).map((keyword) => [...steps, keyword]));
    }
    for (const [name] of entriesOf(dependentSchemas))
      if (this.#draw(2) === 0) implied.push([...steps, 'dependentSchemas', name]);
    return implied;
  }

  #ofType(type: JsonType | undefined, branch: Branch, depth: number): unknown {
    switch (type) {
      case 'null':
        return null;
      case 'boolean':
        return this.#draw(2) === 0;
      case 'integer':
      case 'number':
        return drawNumber(branch, type, this.#random);
      case 'string':
        return drawString(branch, this.#random);
      case 'array':
        return this.#array(branch, depth);
      case 'object':
        return this.#object(branch, depth);
      case undefined:
        break;
    }
    return undefined;
  }

  #array(branch: Branch, depth: number): unknown[] | undefined {
    const contained = stepsOf(branch, 'contains');
    const containing = contained.length > 0 ? (boundOf(branch, 'minContains') ?? 1) : 0;
    const least = Math.max(boundOf(branch, 'minItems') ?? 0, containing);
    if (least > largestSize) return undefined;
    const usual = this.#isDeep(depth) ? 0 : Math.max(1, fixedItems(branch));
    const length = Math.min(Math.max(least, usual - this.#draw(2)) + this.#draw(3), mostItems(branch) ?? Infinity);
    const isUnique = branch.parts.some(({ schema }) => schema['uniqueItems'] === true);
    const items: unknown[] = [];
    const seen = new Set<string>();
    for (let index = 0; index < length; index += 1) {
      const described = itemOf(branch, index);
      if (described === 'nothing') break;
      const wanted = index >= length - containing ? [...described, ...contained] : described;
      let item = this.make(wanted, depth + 1);
      if (isUnique) {
        for (let attempt = 0; attempt < 30 && seen.has(canonical(item)); attempt += 1)
          item = this.#wildly(() => this.make(wanted, depth + 1));
        if (seen.has(canonical(item))) break;
        seen.add(canonical(item));
      }
      if (item === undefined) break;
      items.push(item);
    }
    return items.length < least ? undefined : items;
  }

  #object(branch: Branch, depth: number): object | undefined {
    const isDeep = this.#isDeep(depth);
    const needed = withDependents(branch, requiredOf(branch));
    const most = boundOf(branch, 'maxProperties') ?? Infinity;
    const described = [...namesOf(branch)].filter(
      (name) => !needed.has(name) && propertyOf(branch, name) !== 'nothing',
    );
    // All that is optional, or nothing, or some.
    const style = isDeep ? 1 : this.#draw(4);
    const optional = described.filter(() => style === 0 || (style > 1 && this.#draw(2) === 0));
    const names = [...needed, ...optional.slice(0, Math.max(0, most - needed.size))];
    const members = new Map<string, unknown>();
    for (const name of withDependents(branch, new Set(names))) {
      if (hides(this.#reader.document, branch, name, this.#message)) continue;
      const value = this.#property(branch, name, depth);
      if (value !== undefined) members.set(name, value);
      else if (needed.has(name)) return undefined;
    }
    const isMap = described.length + needed.size === 0 && propertyOf(branch, 'name')[0] !== undefined;
    const least = boundOf(branch, 'minProperties') ?? (isMap && !isDeep && most > 0 ? 1 : 0);
    if (least > largestSize) return undefined;
    for (let attempt = 0; members.size < least && attempt < least + 20; attempt += 1) {
      const name = this.#furtherName(
        branch,
        described.filter((each) => !members.has(each)),
        attempt,
      );
      const value = name === undefined || members.has(name) ? undefined : this.#property(branch, name, depth);
      if (name !== undefined && value !== undefined) members.set(name, value);
    }
    return Object.fromEntries(members);
  }

  #property(branch: Branch, name: string, depth: number): unknown {
    const below = propertyOf(branch, name);
    return below === 'nothing' ? undefined : this.make(below, depth + 1);
  }

  #furtherName(branch: Branch, described: readonly string[], attempt: number): string | undefined {
    if (described[0] !== undefined) return described[attempt % described.length];
    const named = stepsOf(branch, 'propertyNames');
    if (named.length > 0) {
      const name = this.#wildly(() => this.make(named));
      return typeof name === 'string' ? name : undefined;
    }
    const patterns = [...patternsOf(branch)];
    const pattern = patterns[attempt % Math.max(1, patterns.length)];
    return pattern === undefined ? `name${attempt + 1}` : drawText(pattern, this.#wild);
  }
}

/** The types of a value. If the specification leaves them open, its other keywords tell which is meant. */
function likelyTypes(branch: Branch): JsonType[] {
  const types = typesOfBranch(branch);
  const among = (...likely: JsonType[]): JsonType[] => likely.filter((type) => types.has(type));
  if (types.size < jsonTypes.length) {
    const stated = [...types].filter((type) => type !== 'integer' || !types.has('number'));
    return stated.toSorted((one, other) => Number(one === 'null') - Number(other === 'null'));
  }
  const says = (...keywords: string[]): boolean =>
    branch.parts.some(({ schema }) => keywords.some((keyword) => schema[keyword] !== undefined));
  if (says('properties', 'required', 'patternProperties', 'minProperties', 'propertyNames', 'dependentRequired'))
    return among('object');
  if (says('items', 'prefixItems', 'minItems', 'contains', 'uniqueItems')) return among('array');
  if (says('minimum', 'maximum', 'multipleOf', 'exclusiveMinimum', 'exclusiveMaximum')) return among('number');
  return says('additionalProperties') ? among('object') : among('string');
}

/** How much a branch needs: where values are deep already, that with the least is taken. */
function weightOf(branch: Branch): number {
  const types = valuesOf(branch) ? [] : likelyTypes(branch);
  if (types[0] === 'array') return boundOf(branch, 'minItems') ?? 0;
  return types[0] === 'object' ? requiredOf(branch).size : 0;
}

const hard =
  'not if oneOf contains maxContains propertyNames dependentSchemas unevaluatedProperties unevaluatedItems'.split(' ');

/** Whether what is drawn for a branch may well be invalid. */
function isHard({ parts }: Branch): boolean {
  return parts.some(({ schema }) => hard.some((keyword) => Object.hasOwn(schema, keyword)));
}

function hides(document: OpenApiDocument, { parts }: Branch, name: string, message: MessageKind): boolean {
  return parts.some(({ schema }) => isHidden(document, valueAt(schema, ['properties', name]), message));
}

/** The places of a keyword that is a schema. */
function stepsOf({ parts }: Branch, keyword: string): Steps[] {
  return parts.filter(({ schema }) => schema[keyword] !== undefined).map(({ steps }) => [...steps, keyword]);
}

/** With the names that `dependentRequired` asks for beside others. */
function withDependents({ parts }: Branch, names: ReadonlySet<string>): Set<string> {
  const all = new Set(names);
  // What is added to a set meanwhile is visited too.
  for (const name of all)
    for (const { schema } of parts) {
      const dependents = valueAt(schema, ['dependentRequired', name]);
      if (isList(dependents)) for (const each of dependents) all.add(String(each));
    }
  return all;
}

/** The schema with a `$dynamicAnchor`: the first in the document, since it is rare that two have the same. */
function anchorIn(document: OpenApiDocument, reference: string): string[] | undefined {
  const anchor = reference.slice(reference.indexOf('#') + 1);
  const ahead: { steps: string[]; value: unknown }[] = [{ steps: [], value: document }];
  for (const { steps, value } of ahead) {
    if (typeof value !== 'object' || value === null) continue;
    if (Reflect.get(value, '$dynamicAnchor') === anchor) return steps;
    for (const [key, below] of Object.entries(value)) ahead.push({ steps: [...steps, key], value: below });
  }
  return undefined;
}

function drawNumber(branch: Branch, type: 'integer' | 'number', random: Random): number {
  const bound = (keyword: string, other: number): number => boundOf(branch, keyword) ?? other;
  const [above, below] = [bound('exclusiveMinimum', -Infinity), bound('exclusiveMaximum', Infinity)];
  const [min, max] = [Math.max(bound('minimum', -Infinity), above), Math.min(bound('maximum', Infinity), below)];
  const steps = branch.parts.map(({ schema }) => schema['multipleOf']).filter((step) => typeof step === 'number');
  const whole = type === 'integer' ? [...steps.filter((step) => !Number.isInteger(1 / step)), 1] : steps;
  const unit = whole.reduce((one, other) => leastCommonMultiple(one, other), whole[0] ?? 1);
  const isFree = type === 'number' && steps.length === 0;
  // The smallest and the largest multiple of the unit between the bounds.
  const low = Math.ceil(min / unit) * unit === above ? Math.ceil(min / unit) + 1 : Math.ceil(min / unit);
  const high = Math.floor(max / unit) * unit === below ? Math.floor(max / unit) - 1 : Math.floor(max / unit);
  if (low > high || (isFree && random() > 0.5))
    return Number.isFinite(min + max) ? min + (max - min) / 2 : 0.5 + Math.max(min, -1);
  const isNegative = low === -Infinity && (high < 0 || random() > 0.8);
  const lowest = random() > 0.5 ? low : Math.max(low, Math.min(0, high));
  const from = isNegative ? Math.min(high, 0) - 1000 : Number.isFinite(lowest) ? lowest : Math.min(0, high);
  return times(from + drawBelow(random, Math.min(high, from + 1000) - from + 1), unit);
}

function leastCommonMultiple(one: number, other: number): number {
  if (!Number.isInteger(one) || !Number.isInteger(other)) return Math.max(one, other);
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  return Math.abs(one * other) / Math.max(1, divisor(one, other));
}
