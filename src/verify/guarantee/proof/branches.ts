import { jsonTypeOf, jsonTypes, type JsonType } from '../../../util/json.ts';
import type { Conjunction, Schemas, Steps } from './schemas.ts';

/** A schema without its alternatives and references: its own keywords. */
interface SchemaPart {
  steps: Steps;
  schema: Readonly<Record<string, unknown>>;
}

/** One of the ways in which a value may keep some schemas: it keeps all these parts. Without parts, it may be anything. */
export interface Branch {
  parts: readonly SchemaPart[];
}

/** The JSON types that a value of the branch may have. */
export function typesOfBranch({ parts }: Branch): Set<JsonType> {
  const types = new Set(jsonTypes);
  for (const { schema } of parts) {
    const allowed = typesOfPart(schema);
    for (const type of types) if (!allowed.has(type)) types.delete(type);
  }
  return types;
}

function typesOfPart({ type, nullable }: SchemaPart['schema']): Set<JsonType> {
  if (type === undefined) return new Set(jsonTypes);
  const names = new Set([type].flat().map(String));
  // OpenAPI 3.0 says null beside the type.
  if (nullable === true) names.add('null');
  if (names.has('number')) names.add('integer');
  return new Set(jsonTypes.filter((each) => names.has(each)));
}

/** The values that a branch is limited to by `const` and `enum`, or undefined where there is no such limit. */
export function valuesOf(branch: Branch): unknown[] | undefined {
  const types = typesOfBranch(branch);
  let values: unknown[] | undefined;
  for (const { schema } of branch.parts) {
    const lists = [schema['enum'], Object.hasOwn(schema, 'const') ? [schema['const']] : undefined];
    for (const list of lists) {
      if (!Array.isArray(list)) continue;
      const known = new Set(list.map((value: unknown) => JSON.stringify(value)));
      values = values === undefined ? list : values.filter((value) => known.has(JSON.stringify(value)));
    }
  }
  return values?.filter((value) => types.has(jsonTypeOf(value)));
}

/** The names that an object of the branch must have. */
export function requiredOf({ parts }: Branch): Set<string> {
  return new Set(parts.flatMap(({ schema }) => textsOf(schema['required'])));
}

/** The names that the branch says something about. */
export function namesOf({ parts }: Branch): Set<string> {
  return new Set(parts.flatMap(({ schema }) => Object.keys(Object(schema['properties'] ?? {}))));
}

/** What stands below a name, or 'nothing' where there may be no such property. */
export function propertyOf({ parts }: Branch, name: string): Conjunction | 'nothing' {
  const found: Steps[] = [];
  for (const { steps, schema } of parts) {
    const own = childrenOf(schema, name);
    for (const way of own) found.push([...steps, ...way]);
    if (own.length > 0) continue;
    if (schema['additionalProperties'] === false) return 'nothing';
    if (isObject(schema['additionalProperties'])) found.push([...steps, 'additionalProperties']);
  }
  return found;
}

function childrenOf(schema: SchemaPart['schema'], name: string): string[][] {
  const ways: string[][] = [];
  if (Object.hasOwn(Object(schema['properties'] ?? {}), name)) ways.push(['properties', name]);
  for (const pattern of Object.keys(Object(schema['patternProperties'] ?? {})))
    if (matches(pattern, name)) ways.push(['patternProperties', pattern]);
  return ways;
}

/** What an item at an index keeps, or 'nothing' where the array ends before. Without an index: any item behind `prefixItems`. */
export function itemOf({ parts }: Branch, index: number): Conjunction | 'nothing' {
  const found: Steps[] = [];
  for (const { steps, schema } of parts) {
    const { prefixItems, items } = schema;
    if (Array.isArray(prefixItems) && index < prefixItems.length) found.push([...steps, 'prefixItems', String(index)]);
    else if (items === false) return 'nothing';
    else if (isObject(items)) found.push([...steps, 'items']);
  }
  return found;
}

/** The largest or smallest of a keyword's numbers, undefined where no part has it. */
export function boundOf(
  { parts }: Branch,
  keyword: string,
  choose: (...values: number[]) => number,
): number | undefined {
  const values = parts.map(({ schema }) => schema[keyword]).filter((value) => typeof value === 'number');
  return values.length > 0 ? choose(...values) : undefined;
}

function textsOf(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((each) => typeof each === 'string') : [];
}

function matches(pattern: string, name: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(name);
  } catch {
    return true;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

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
