import { findTexts } from '../../../util/regex/find-text.ts';
import { times } from '../../../util/decimal.ts';
import type { JsonType } from '../../../util/json.ts';
import {
  boundOf,
  itemOf,
  namesOf,
  propertyOf,
  requiredOf,
  TooManyBranches,
  typesOfBranch,
  keyOfConjunction,
  valuesOf,
  type Branch,
  type Conjunction,
} from '../../../openapi/schema.ts';
import { stringsOf } from '../../../openapi/values/strings.ts';
import type { Schemas } from './schemas.ts';

const anything: readonly unknown[] = [
  'a',
  0,
  null,
  true,
  false,
  2.5,
  '',
  '1',
  [],
  {},
  [0, 'a'],
  { a: 0 },
  '2024-01-31',
  ['a'],
  { 'x-more': 'a' },
];
const deepest = 10;
const most = 15;

/** Makes values that schemas allow, to find one that a contract does not. */
export class Sampler {
  readonly #schemas: Schemas;
  readonly #known = new Map<string, readonly unknown[]>();

  constructor(schemas: Schemas) {
    this.#schemas = schemas;
  }

  /** Some values that keep the schemas, as different as can be had; none where none is found. */
  values(conjunction: Conjunction, depth = 0): readonly unknown[] {
    if (conjunction.length === 0) return anything;
    // Below a certain depth the values become simpler.
    const key = `${Math.min(depth, deepest + 1)} ${keyOfConjunction(conjunction)}`;
    const known = this.#known.get(key);
    if (known) return known;
    const found = this.#find(conjunction, depth);
    this.#known.set(key, found);
    return found;
  }

  #find(conjunction: Conjunction, depth: number): unknown[] {
    let branches: Branch[];
    try {
      branches = this.#schemas.expand(conjunction);
    } catch (error) {
      if (error instanceof TooManyBranches) return [];
      throw error;
    }
    const candidates = branches.flatMap((branch) => this.#ofBranch(branch, depth));
    return candidates.filter((value) => this.#schemas.allows(conjunction, value) === true).slice(0, most);
  }

  #ofBranch(branch: Branch, depth: number): unknown[] {
    if (branch.parts.every(({ schema }) => Object.keys(schema).length === 0)) return [...anything];
    return valuesOf(branch) ?? [...typesOfBranch(branch)].flatMap((type) => this.ofType(branch, type, depth));
  }

  ofType(branch: Branch, type: JsonType, depth = 0): unknown[] {
    switch (type) {
      case 'null':
        return [null];
      case 'boolean':
        return [true, false];
      case 'integer':
        return numbersNear(branch).filter((value) => Number.isInteger(value));
      case 'number':
        return numbersNear(branch).filter((value) => !Number.isInteger(value));
      case 'string':
        return textSamples(branch);
      case 'array':
        return this.arrays(branch, depth);
      case 'object':
        break;
    }
    return this.objects(branch, depth);
  }

  arrays(branch: Branch, depth = 0): unknown[][] {
    const least = boundOf(branch, 'minItems') ?? 0;
    if (depth > deepest || least > 50) return least === 0 ? [[]] : [];
    const lengths = depth > 1 ? [least] : [...new Set([least, Math.max(1, least), least + 1, least + 2])];
    return lengths.flatMap((length) => this.arrayOf(branch, length, depth) ?? []);
  }

  arrayOf(branch: Branch, length: number, depth = 0): unknown[][] | undefined {
    if (length > 200) return undefined;
    const items = Array.from({ length }, (_, index) => this.item(branch, index, depth));
    return items.includes(undefined) ? undefined : [items];
  }

  item(branch: Branch, index: number, depth = 0): unknown {
    const below = itemOf(branch, index);
    if (below === 'nothing') return undefined;
    const values = this.values(below, depth + 1);
    // Different values at different indices, for arrays of unique items.
    return values[index % Math.max(1, values.length)];
  }

  /** Objects of a branch: one with the required properties, one with all of them, one with an extra name. */
  objects(branch: Branch, depth = 0): Record<string, unknown>[] {
    const least = this.#object(branch, requiredOf(branch), depth);
    if (least === undefined) return [];
    if (depth > 1) return [least];
    const all = this.#object(branch, new Set([...requiredOf(branch), ...namesOf(branch)]), depth, true);
    const more = this.#object(branch, new Set([...requiredOf(branch), 'x-more']), depth);
    return [least, all, more].filter((object) => object !== undefined);
  }

  #object(
    branch: Branch,
    names: ReadonlySet<string>,
    depth: number,
    lenient = false,
  ): Record<string, unknown> | undefined {
    const entries: [string, unknown][] = [];
    for (const name of names) {
      const below = propertyOf(branch, name);
      const [value] = below === 'nothing' || depth > deepest ? [] : this.values(below, depth + 1);
      if (value === undefined && !lenient) return undefined;
      if (value !== undefined) entries.push([name, value]);
    }
    return Object.fromEntries(entries);
  }
}

function numbersNear(branch: Branch): number[] {
  const bounds = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].flatMap(
    (keyword) => boundOf(branch, keyword) ?? [],
  );
  const step = boundOf(branch, 'multipleOf') ?? 1;
  const [one = 0, other = one] = bounds;
  const found = [
    0,
    1,
    -1,
    7,
    2.5,
    -0.5,
    1e6,
    (one + other) / 2,
    step,
    times(3, step),
    ...bounds.flatMap((bound) => [
      bound,
      bound - 1,
      bound + 1,
      bound - 0.5,
      bound + 0.5,
      times(Math.ceil(bound / step), step),
    ]),
  ];
  return [...new Set(found)].filter((value) => fitsBounds(branch, value));
}

function fitsBounds(branch: Branch, value: number): boolean {
  return (
    value >= (boundOf(branch, 'minimum') ?? -Infinity) &&
    value <= (boundOf(branch, 'maximum') ?? Infinity) &&
    value > (boundOf(branch, 'exclusiveMinimum') ?? -Infinity) &&
    value < (boundOf(branch, 'exclusiveMaximum') ?? Infinity)
  );
}

const formatExamples = (
  '2024-01-31 2024-01-31T10:00:00Z 2024-01-31T10:00:00.5+01:00 10:00:00Z https://example.com/a urn:a:b a@example.com ' +
  'example.com 127.0.0.1 ::1 d9428888-122b-11e1-b85c-61cd3cbb3210 YQ== /a'
).split(' ');

function textSamples(branch: Branch): string[] {
  const found = findTexts(stringsOf(branch), 4);
  const told = branch.parts.flatMap(({ schema: { example, examples, default: usual } }) => [
    example,
    usual,
    ...[examples].flat(),
  ]);
  return [
    ...(found.kind === 'texts' ? found.texts : []),
    ...told.filter((value) => typeof value === 'string'),
    ...formatExamples,
  ];
}
