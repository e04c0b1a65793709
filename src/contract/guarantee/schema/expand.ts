import type { Branch, SchemaPart } from '../../../verify/guarantee/proof/branches.ts';
import type { Conjunction, Schemas, Steps } from '../../../verify/guarantee/proof/schemas.ts';

/** More alternatives than this are not looked at one by one. */
const mostBranches = 64;

export class TooManyBranches extends Error {}

/**
 * The ways in which a value may keep all of the schemas. A value that keeps them is in one of the branches; not each value of a
 * branch keeps them, since `not`, `if`, and that `oneOf` allows one alone, are left out. So what holds for all branches holds.
 * @throws TooManyBranches
 */
export function expand(schemas: Schemas, conjunction: Conjunction): Branch[] {
  return join(conjunction.map((steps) => expandOne(schemas, steps, [])));
}

/** @param way the schemas that lead here: one that leads back to itself adds nothing. */
function expandOne(schemas: Schemas, at: Steps, way: readonly string[]): Branch[] {
  const schema = schemas.at(at);
  if (schema === false) return [];
  const key = JSON.stringify(at);
  if (typeof schema !== 'object' || schema === null || way.includes(key)) return [{ parts: [] }];
  const inner = [...way, key];
  const reference = valueOf(schema, '$ref');
  const referred = typeof reference === 'string' ? [expandOne(schemas, schemas.target(reference), inner)] : [];
  if (referred.length > 0 && !schemas.siblings) return referred.flat();
  const own: SchemaPart = { steps: at, schema: { ...schema } };
  const all = listOf(schema, 'allOf').map((_, index) => expandOne(schemas, [...at, 'allOf', String(index)], inner));
  const choices = ['oneOf', 'anyOf'].flatMap((keyword) => {
    const list = listOf(schema, keyword);
    if (list.length === 0) return [];
    return [list.flatMap((_, index) => expandOne(schemas, [...at, keyword, String(index)], inner))];
  });
  return join([[{ parts: [own] }], ...referred, ...all, ...choices]);
}

/** Each branch of one list together with each of the others. */
function join(lists: readonly Branch[][]): Branch[] {
  let joined: Branch[] = [{ parts: [] }];
  for (const list of lists) {
    if (joined.length * list.length > mostBranches) throw new TooManyBranches();
    joined = joined.flatMap(({ parts }) => list.map((branch) => ({ parts: [...parts, ...branch.parts] })));
  }
  return joined;
}

function listOf(schema: object, keyword: string): unknown[] {
  const list = valueOf(schema, keyword);
  return Array.isArray(list) ? list : [];
}

function valueOf(schema: object, keyword: string): unknown {
  return Object.hasOwn(schema, keyword) ? Reflect.get(schema, keyword) : undefined;
}
