import {
  boundOf,
  canonical,
  propertyOf,
  requiredOf,
  typesOfBranch,
  valuesOf,
  type Branch,
  type Conjunction,
  type ResolvedSchema,
  type SchemaReader,
  type Steps,
} from '../../openapi/schema.ts';
import { stringsOf } from '../../openapi/values/strings.ts';
import type { JsonType } from '../../util/json.ts';
import { findTexts } from '../../util/regex/find-text.ts';
import { both } from '../../util/regex/language.ts';

type Group = ResolvedSchema['groups'][number];

/** Properties within properties that are looked at for what tells alternatives apart. */
const deepest = 3;

const mostBranches = 16;

/** The `oneOf` lists of a schema; none where a discriminator chooses the alternative. */
export function exclusiveGroups({ parts, groups }: ResolvedSchema): Group[] {
  if (parts.some(({ schema }) => schema['discriminator'] !== undefined)) return [];
  return groups.filter(({ keyword }) => keyword === 'oneOf');
}

/** The pairs of alternatives, by their indexes, that a value might keep both. */
export function overlapsOf(reader: SchemaReader, { schemas }: Group): [number, number][] {
  return schemas.flatMap((one, index) =>
    schemas.slice(index + 1).flatMap((other, more): [number, number][] => {
      return areApart(reader, [one], [other], deepest) ? [] : [[index, index + 1 + more]];
    }),
  );
}

function areApart(reader: SchemaReader, one: Conjunction, other: Conjunction, depth: number): boolean {
  if (depth === 0) return false;
  try {
    const others = reader.expand(other, 'throw', mostBranches);
    return reader.expand(one, 'throw', mostBranches).every((a) => others.every((b) => haveNone(reader, a, b, depth)));
  } catch {
    return false;
  }
}

function haveNone(reader: SchemaReader, one: Branch, other: Branch, depth: number): boolean {
  const [values, others] = [valuesOf(one), valuesOf(other)];
  if (values && others) {
    const known = new Set(others.map(canonical));
    return !values.some((value) => known.has(canonical(value)));
  }
  const types = typesOfBranch(other);
  const shared = [...typesOfBranch(one)].filter((type) => types.has(type));
  return shared.every((type) => haveNoneOf(type, reader, [one, other], depth));
}

function haveNoneOf(
  type: JsonType,
  reader: SchemaReader,
  [one, other]: readonly [Branch, Branch],
  depth: number,
): boolean {
  if (type === 'string') return findTexts(both(stringsOf(one), stringsOf(other))).kind === 'none';
  if (type === 'integer' || type === 'number') return isBeyond(one, other) || isBeyond(other, one);
  if (type !== 'object') return false;
  // Properties that one of them does not describe are not sent with it, as where a property is new.
  const isToldBy = (name: string, asking: Branch, asked: Branch): boolean => {
    const [below, needed] = [propertyOf(asked, name), propertyOf(asking, name)];
    if (below === 'nothing' || below.length === 0) return true;
    return needed !== 'nothing' && areApart(reader, below, needed, depth - 1);
  };
  const tells = (asking: Branch, asked: Branch): boolean =>
    [...requiredOf(asking)].some((name) => isToldBy(name, asking, asked));
  return tells(one, other) || tells(other, one);
}

/** Whether the least number of one is above the largest of another. */
function isBeyond(one: Branch, other: Branch): boolean {
  const least = Math.max(boundOf(one, 'minimum') ?? -Infinity, boundOf(one, 'exclusiveMinimum') ?? -Infinity);
  const most = Math.min(boundOf(other, 'maximum') ?? Infinity, boundOf(other, 'exclusiveMaximum') ?? Infinity);
  const isOpen = boundOf(one, 'exclusiveMinimum') === least || boundOf(other, 'exclusiveMaximum') === most;
  return least > most || (least === most && isOpen);
}

/** For each alternative, the one of another document that it was or became: by name, else by its index. */
export function counterparts(own: readonly Steps[], others: readonly Steps[], nameOf: Names): (Steps | undefined)[] {
  const names = others.map((each) => nameOf.other(each));
  const taken = new Set<number>();
  const byName = own.map((each) => names.indexOf(nameOf.own(each)));
  for (const index of byName) taken.add(index);
  return byName.map((found, index) => {
    const isFree = found < 0 && !taken.has(index);
    return others[isFree ? index : found];
  });
}

interface Names {
  own: (steps: Steps) => string;
  other: (steps: Steps) => string;
}
