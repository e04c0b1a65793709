import * as fc from 'fast-check';
import type { OpenApiDocument } from '../../openapi/document.ts';
import { valueAt } from '../../util/json.ts';
import { follow } from '../../openapi/look-up.ts';
import type { Steps } from './described.ts';
import { integers, numberOr, strings } from './scalars.ts';

/** Schemas that contain themselves end here; what is missing then is not valid, and left out by who samples. */
const deepest = 6;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Values for a schema of the specification. They are meant to be valid by it, but what a schema can say is more than is
 * looked at here: who uses a value has to check it.
 */
export function arbitraryOf(document: OpenApiDocument, at: Steps, depth = 0): fc.Arbitrary<unknown> {
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
