import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import type { Api } from '../../openapi/api.ts';
import type { OpenApiDocument } from '../../openapi/document.ts';
import { follow } from '../../openapi/look-up.ts';
import { messageOf } from '../../util/errors.ts';
import { toPointer, valueAt } from '../../util/json.ts';
import type { Steps } from './requests.ts';

/** Makes the values of requests: the same ones for the same seed. */
export class Samples {
  readonly #api: Api;
  readonly #seed: number;

  constructor(api: Api, seed: number) {
    this.#api = api;
    this.#seed = seed;
  }

  /**
   * Valid values for a schema, the specification's own examples first, at most `count` of them. Empty where none can be
   * made.
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
      return fc.sample(arbitraryOf(this.#api.document, schema), { seed, numRuns });
    } catch (error) {
      // A schema that allows nothing, or bounds that contradict each other: there is no value to be had.
      if (messageOf(error) === '') throw error;
      return [];
    }
  }

  #examples(holder: Steps, schema: Steps): unknown[] {
    const { document } = this.#api;
    const named = valueAt(document, [...holder, 'examples']);
    const names = typeof named === 'object' && named !== null ? Object.keys(named) : [];
    const list = valueAt(document, [...schema, 'examples']);
    return [
      valueAt(document, [...holder, 'example']),
      ...names.map((name) => valueAt(document, [...follow(document, [...holder, 'examples', name]), 'value'])),
      valueAt(document, [...schema, 'example']),
      ...(Array.isArray(list) ? list : []),
      valueAt(document, [...schema, 'default']),
    ].filter((value) => value !== undefined);
  }
}

/** Schemas that contain themselves end here; what is missing then is not valid, and left out by who samples. */
const deepest = 6;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Values for a schema of the specification. They are meant to be valid by it, but what a schema can say is more than is
 * looked at here: who uses a value has to check it.
 */
function arbitraryOf(document: OpenApiDocument, at: Steps, depth = 0): fc.Arbitrary<unknown> {
  const steps = follow(document, at);
  const schema: Fields = Object(valueAt(document, steps) ?? {});
  const inside = (...further: string[]): fc.Arbitrary<unknown> =>
    arbitraryOf(document, [...steps, ...further], depth + 1);
  const { const: only, enum: values, oneOf, anyOf, allOf, nullable } = schema;
  if (depth > deepest) return fc.constant(null);
  if ('const' in schema) return fc.constant(only);
  if (Array.isArray(values) && values.length > 0) return fc.constantFrom<unknown>(...values);
  for (const [keyword, parts] of Object.entries({ oneOf, anyOf })) {
    if (Array.isArray(parts)) return fc.oneof(...parts.map((_, index) => inside(keyword, String(index))));
  }
  if (Array.isArray(allOf)) {
    const parts = allOf.map((_, index) => inside('allOf', String(index)));
    const own = 'properties' in schema ? [objectOf(schema, inside)] : [];
    return fc.tuple(...parts, ...own).map(merge);
  }
  const choices = typesOf(schema).map((type) => ofType(type, schema, inside));
  return fc.oneof(...choices, ...(nullable === true ? [fc.constant(null)] : []));
}

function merge(values: readonly unknown[]): unknown {
  const objects = values.filter((value) => typeof value === 'object' && value !== null);
  return objects.length === values.length ? Object.assign({}, ...objects) : values[0];
}

function typesOf({ type, properties, items }: Fields): unknown[] {
  if (type !== undefined) return [type].flat();
  if (properties !== undefined) return ['object'];
  return [items === undefined ? 'string' : 'array'];
}

function ofType(
  type: unknown,
  schema: Fields,
  inside: (...further: string[]) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  const { minItems, maxItems, uniqueItems, items, minimum, maximum } = schema;
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return integers(schema);
    case 'number': {
      const min = numberOr(minimum, -1000);
      return fc.double({ min, max: Math.max(min, numberOr(maximum, min + 2000)), noNaN: true });
    }
    case 'array': {
      const minLength = numberOr(minItems, 0);
      const lengths = { minLength, maxLength: Math.min(numberOr(maxItems, minLength + 3), minLength + 3) };
      const each = items === undefined ? fc.constant('item') : inside('items');
      return uniqueItems === true
        ? fc.uniqueArray(each, { ...lengths, selector: JSON.stringify })
        : fc.array(each, lengths);
    }
    case 'object':
      return objectOf(schema, inside);
    default:
      return strings(schema);
  }
}

function objectOf(
  { properties, required }: Fields,
  inside: (...further: string[]) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  const names = Object.entries(Object(properties ?? {})).flatMap(([name, value]) =>
    // What only answers have is not sent.
    Reflect.get(Object(value), 'readOnly') === true ? [] : [name],
  );
  const needed: unknown[] = Array.isArray(required) ? required : [];
  const model = Object.fromEntries(names.map((name) => [name, inside('properties', name)]));
  return fc.record(model, { requiredKeys: names.filter((name) => needed.includes(name)), noNullPrototype: true });
}

type ScalarFields = Readonly<Record<string, unknown>>;

/** Letters that mean the same in paths, headers, queries and bodies: what is tried is the API, not its percent-encoding. */
const letter = fc.stringMatching(/^[\w-]$/);

/** Whole numbers within the bounds of a schema. */
function integers({
  minimum,
  maximum,
  exclusiveMinimum,
  exclusiveMaximum,
  multipleOf,
}: ScalarFields): fc.Arbitrary<number> {
  // OpenAPI 3.0 says by a boolean that the bound itself is excluded.
  const above = exclusiveMinimum === true ? numberOr(minimum, 0) : exclusiveMinimum;
  const below = exclusiveMaximum === true ? numberOr(maximum, 0) : exclusiveMaximum;
  const min = Math.max(Math.ceil(numberOr(minimum, -Infinity)), numberOr(above, -Infinity) + 1);
  const max = Math.min(Math.floor(numberOr(maximum, Infinity)), numberOr(below, Infinity) - 1);
  const from = Number.isFinite(min) ? min : Math.min(-1000, max - 1000);
  const to = Number.isFinite(max) ? max : Math.max(1000, from + 1000);
  const step = numberOr(multipleOf, 1);
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

/** Texts by the pattern, the format or the length that a schema asks for. */
function strings({ pattern, format, minLength, maxLength }: ScalarFields): fc.Arbitrary<string> {
  if (typeof pattern === 'string') {
    try {
      return fc.stringMatching(new RegExp(pattern));
    } catch {
      // Not every pattern can be turned round.
    }
  }
  const known = typeof format === 'string' && Object.hasOwn(formats, format) ? formats[format] : undefined;
  if (known) return known;
  const least = Math.max(1, numberOr(minLength, 1));
  return fc.string({
    unit: letter,
    minLength: least,
    maxLength: Math.max(least, Math.min(numberOr(maxLength, least + 12), least + 12)),
  });
}

/** What a schema says, if it says a number. */
function numberOr(value: unknown, other: number): number {
  return typeof value === 'number' ? value : other;
}
