import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import type { Api } from '../../openapi/api.ts';
import { follow } from '../../openapi/look-up.ts';
import { messageOf } from '../../util/errors.ts';
import {
  boundOf,
  fixedItems,
  itemOf,
  mostItems,
  namesOf,
  propertyOf,
  requiredOf,
  SchemaReader,
  typesOfBranch,
  valuesOf,
  type Branch,
  type Conjunction,
  type Steps,
} from '../../openapi/schema.ts';
import { entriesOf, isList, jsonTypes, toPointer, valueAt, type JsonType } from '../../util/json.ts';

/** Makes the values of requests: the same ones for the same seed. */
export class Samples {
  readonly #api: Api;
  readonly #reader: SchemaReader;
  readonly #seed: number;

  constructor(api: Api, seed: number) {
    this.#api = api;
    this.#reader = new SchemaReader(api.document);
    this.#seed = seed;
  }

  /**
   * At most `count` valid values for a schema, the specification's own examples first.
   * @param holder the parameter or media type that has the schema, and perhaps examples.
   */
  valid(holder: Steps, schema: Steps, count: number): unknown[] {
    const values = [...this.#examples(holder, schema), ...this.#made(schema, count * 4)];
    const distinct = new Map(values.map((value) => [JSON.stringify(value), value]));
    return [...distinct.values()].filter((value) => this.isValid(schema, value)).slice(0, count);
  }

  isValid(schema: Steps, value: unknown): boolean {
    return this.#api.schemas.check(schema, value).length === 0;
  }

  #made(schema: Steps, numRuns: number): unknown[] {
    // Each place has values of its own, whatever else is tried.
    const seed = createHash('sha256')
      .update(`${this.#seed} ${toPointer(schema)}`)
      .digest()
      .readInt32BE();
    try {
      return fc.sample(arbitraryOf(this.#reader, [this.#reader.at(schema)]), { seed, numRuns });
    } catch (error) {
      // A schema that allows nothing, or bounds that contradict each other: there is no value to be had.
      if (messageOf(error) === '') throw error;
      return [];
    }
  }

  #examples(holder: Steps, schema: Steps): unknown[] {
    const { document } = this.#api;
    const names = entriesOf(valueAt(document, [...holder, 'examples'])).map(([name]) => name);
    const list = valueAt(document, [...schema, 'examples']);
    return [
      valueAt(document, [...holder, 'example']),
      ...names.map((name) => valueAt(document, [...follow(document, [...holder, 'examples', name]), 'value'])),
      valueAt(document, [...schema, 'example']),
      ...(isList(list) ? list : []),
      valueAt(document, [...schema, 'default']),
    ].filter((value) => value !== undefined);
  }
}

/** Schemas that contain themselves end here; the caller drops values that are invalid for it. */
const deepest = 6;

/** Values for schemas. Not every keyword is considered, so the caller must check that a value is valid. */
function arbitraryOf(reader: SchemaReader, schemas: Conjunction, depth = 0): fc.Arbitrary<unknown> {
  if (depth > deepest) return fc.constant(null);
  return fc.oneof(...reader.expand(schemas, 'cut').map((branch) => ofBranch(reader, branch, depth)));
}

function ofBranch(reader: SchemaReader, branch: Branch, depth: number): fc.Arbitrary<unknown> {
  const values = valuesOf(branch);
  if (values) return fc.constantFrom<unknown>(...values);
  const inside = (below: Conjunction | 'nothing'): fc.Arbitrary<unknown> | undefined =>
    below === 'nothing' ? undefined : arbitraryOf(reader, below, depth + 1);
  return fc.oneof(...likelyTypes(branch).map((type) => ofType(type, branch, inside)));
}

/** The types of a value. If the specification leaves them open, its other keywords tell which is meant. */
function likelyTypes(branch: Branch): JsonType[] {
  const types = typesOfBranch(branch);
  const among = (...likely: JsonType[]): JsonType[] => likely.filter((type) => types.has(type));
  if (types.size < jsonTypes.length) return [...types].filter((type) => type !== 'integer' || !types.has('number'));
  if (namesOf(branch).size > 0) return among('object');
  return itemOf(branch, 0)[0] === undefined ? among('string') : among('array');
}

type Inside = (below: Conjunction | 'nothing') => fc.Arbitrary<unknown> | undefined;

function ofType(type: JsonType, branch: Branch, inside: Inside): fc.Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return integers(branch);
    case 'number': {
      const min = boundOf(branch, 'minimum') ?? -1000;
      return fc.double({ min, max: Math.max(min, boundOf(branch, 'maximum') ?? min + 2000), noNaN: true });
    }
    case 'array': {
      const minLength = boundOf(branch, 'minItems') ?? 0;
      const lengths = { minLength, maxLength: Math.min(mostItems(branch) ?? Infinity, minLength + 3) };
      const items = itemOf(branch, fixedItems(branch));
      const each = (items.length > 0 && inside(items)) || fc.constant('item');
      return branch.parts.some(({ schema }) => schema['uniqueItems'] === true)
        ? fc.uniqueArray(each, { ...lengths, selector: JSON.stringify })
        : fc.array(each, lengths);
    }
    case 'object':
      return objects(branch, inside);
    case 'string':
      break;
  }
  return strings(branch);
}

function objects(branch: Branch, inside: Inside): fc.Arbitrary<unknown> {
  // What only answers have is not sent.
  const hidden = (name: string): boolean =>
    branch.parts.some(({ schema }) => valueAt(schema, ['properties', name, 'readOnly']) === true);
  const model: Record<string, fc.Arbitrary<unknown>> = {};
  for (const name of namesOf(branch)) {
    const value = hidden(name) ? undefined : inside(propertyOf(branch, name));
    if (value) model[name] = value;
  }
  const needed = requiredOf(branch);
  const requiredKeys = Object.keys(model).filter((name) => needed.has(name));
  return fc.record(model, { requiredKeys, noNullPrototype: true });
}

/** Letters that need no escape anywhere: the API is checked, not its percent-encoding. */
const letter = fc.stringMatching(/^[\w-]$/);

function integers(branch: Branch): fc.Arbitrary<number> {
  const bound = (keyword: string, other: number): number => boundOf(branch, keyword) ?? other;
  const min = Math.max(Math.ceil(bound('minimum', -Infinity)), Math.floor(bound('exclusiveMinimum', -Infinity)) + 1);
  const max = Math.min(Math.floor(bound('maximum', Infinity)), Math.ceil(bound('exclusiveMaximum', Infinity)) - 1);
  const from = Number.isFinite(min) ? min : Math.min(-1000, max - 1000);
  const to = Number.isFinite(max) ? max : Math.max(1000, from + 1000);
  const step = bound('multipleOf', 1);
  if (step === 1 || step <= 0) return fc.integer({ min: from, max: Math.max(from, to) });
  const [first, last] = [Math.ceil(from / step), Math.floor(to / step)];
  return fc.integer({ min: first, max: Math.max(first, last) }).map((count) => count * step);
}

const formats: Readonly<Record<string, fc.Arbitrary<string>>> = {
  date: fc.integer({ min: 0, max: 20_000 }).map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10)),
  'date-time': fc.integer({ min: 0, max: 1_700_000_000 }).map((second) => new Date(second * 1000).toISOString()),
  uuid: fc.uuid(),
  email: fc.stringMatching(/^[a-z]{1,8}@example\.org$/),
  uri: fc.stringMatching(/^https:\/\/example\.org\/[a-z]{1,8}$/),
  hostname: fc.stringMatching(/^[a-z]{1,8}\.example\.org$/),
  ipv4: fc.ipV4(),
  ipv6: fc.ipV6(),
};

function strings(branch: Branch): fc.Arbitrary<string> {
  const textOf = (keyword: string): string | undefined =>
    branch.parts.map(({ schema }) => schema[keyword]).find((value) => typeof value === 'string');
  const [pattern, format] = [textOf('pattern'), textOf('format')];
  if (pattern !== undefined) {
    try {
      return fc.stringMatching(new RegExp(pattern));
    } catch {
      // Not every pattern can be turned round.
    }
  }
  const known = format !== undefined && Object.hasOwn(formats, format) ? formats[format] : undefined;
  if (known) return known;
  const least = Math.max(1, boundOf(branch, 'minLength') ?? 1);
  const most = Math.max(least, Math.min(boundOf(branch, 'maxLength') ?? Infinity, least + 12));
  return fc.string({ unit: letter, minLength: least, maxLength: most });
}
