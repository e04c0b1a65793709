import type { Branch } from '../../openapi/schema.ts';
import type { JsonType } from '../../util/json.ts';
import { compareBounds, compareNumbers, compareStrings, isTextOf } from './compare-scalars.ts';
import { compareArrays, compareContentSchemas, compareObjects, compareOpaque } from './compare-structures.ts';
import {
  difference,
  every,
  typeNames,
  type Below,
  type Comparing,
  type Difference,
  type Lens,
  type Side,
} from './difference.ts';

/** The differences between what two branches say of values of the shared types, and the schemas below to compare. */
export function compareKeywords(
  comparing: Comparing,
  was: Side,
  is: Side,
  shared: ReadonlySet<JsonType>,
): (Difference | Below)[] {
  return [
    ...compareBounds(was, is, shared),
    ...compareNumbers(was, is, shared),
    ...(shared.has('string') ? [...compareStrings(was, is), ...compareContentSchemas(was, is)] : []),
    ...(shared.has('array') ? compareArrays(comparing, was, is) : []),
    ...(shared.has('object') ? compareObjects(comparing, was, is) : []),
    ...compareOpaque(comparing, was, is),
  ];
}

export function compareTypes(was: Side, is: Side, { as }: Lens): Difference[] {
  const isWithin = (one: Side, other: Side): ReturnType<typeof every> =>
    every([...one.types].map((type) => other.types.has(type) || (as === 'texts' && isTextOf(type, one, other))));
  return difference(
    'type',
    isWithin(was, is),
    isWithin(is, was),
    `was ${typeNames(was.types)}, is ${typeNames(is.types)}.`,
  );
}

/** A file needs no type: OpenAPI 3.0 says string and binary, 3.1 nothing, or a media type. */
export function withoutBytes(part: Branch['parts'][number]): Branch['parts'][number] {
  const { type, format, contentMediaType, ...others } = part.schema;
  const isFile = format === 'binary' || (contentMediaType !== undefined && others['contentEncoding'] === undefined);
  return isFile && (type === undefined || type === 'string') ? { ...part, schema: others } : part;
}
