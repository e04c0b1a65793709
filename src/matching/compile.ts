import type { PathRules, PathStep, Rule } from '../pact/model.ts';
import { tighten, type ArrayDemand, type Demand, type ObjectDemand } from './demand.ts';
import { memberStep } from '../util/json.ts';
import { conditionOf, matcherOf, type ArrayPlace } from './matchers.ts';

export function compileBody(example: unknown, all: readonly PathRules[], place: string): Demand {
  return compile(example, { all, path: [], place });
}

function compile(example: unknown, scope: Scope): Demand {
  if (Array.isArray(example)) return compileArray(example, scope);
  if (typeof example === 'object' && example !== null) return compileObject(new Map(Object.entries(example)), scope);
  const condition = conditionOf(selectRules(scope.all, scope.path)?.rules, example);
  return { kind: 'scalar', place: scope.place, condition };
}

function compileArray(example: readonly unknown[], scope: Scope): Demand {
  const selected = selectRules(scope.all, scope.path);
  const base: ArrayDemand = {
    kind: 'array',
    place: scope.place,
    items: [],
    sizes: { least: 0 },
    exactly: false,
    contains: [],
  };
  if (!selected) {
    const items = example.map((item, index) => compile(item, below(scope, index)));
    return { ...base, items, sizes: { least: example.length, most: example.length }, exactly: true };
  }
  // Pact compares nothing with an empty example once there is a rule.
  if (example.length === 0) return base;
  const { rules, cascaded } = selected;
  if (rules.combine === 'or' && rules.rules.length > 1) return { ...base, unknown: 'the array has alternative rules' };
  const place: ArrayPlace = {
    example,
    cascaded,
    under: (inner) => compileItems(example, scopeUnder(inner, scope)),
    // The rules of a variant begin at the item.
    variant: ({ index, rules: all }) =>
      compile(example[index], { ...scope, all, path: [], place: `${scope.place}[${index}]` }),
  };
  const demands = rules.rules.map((rule): ArrayDemand => {
    const { items, whole } = matcherOf(rule);
    const parts = items ? items(rule, place) : compileItems(example, scope);
    return { ...base, ...parts, ...whole?.(rule, { kind: 'arrays', example, cascaded }) };
  });
  return demands.reduce(merge, base);
}

function compileItems(example: readonly unknown[], scope: Scope): Pick<ArrayDemand, 'items' | 'rest'> {
  const rest = compile(example[0], below(scope, { any: 'index' }));
  const fixed = scope.all.some(({ path }) => typeof path[scope.path.length] === 'number');
  if (example.length === 1 && !fixed) return { items: [], rest };
  return { items: example.map((item, index) => compile(item, below(scope, index))), rest };
}

/** Both demands at once. If both have items, they must be the same. */
function merge(one: ArrayDemand, other: ArrayDemand): ArrayDemand {
  const itemised = [one, other].filter(({ rest, items }) => rest !== undefined || items.length > 0);
  const sizes = tighten({ min: other.sizes.least, max: other.sizes.most }, one.sizes);
  const [first = one, second] = itemised;
  const differ =
    second !== undefined && JSON.stringify([first.items, first.rest]) !== JSON.stringify([second.items, second.rest]);
  return {
    ...one,
    ...other,
    items: first.items,
    ...(first.rest ? { rest: first.rest } : {}),
    contains: [...one.contains, ...other.contains],
    sizes,
    ...(differ ? { unknown: 'rules for the items contradict each other' } : {}),
  };
}

function compileObject(example: ReadonlyMap<string, unknown>, scope: Scope): Demand {
  const selected = selectRules(scope.all, scope.path);
  const { rules = [] } = selected?.rules ?? {};
  const cascaded = selected?.cascaded ?? false;
  const base: ObjectDemand = {
    kind: 'object',
    place: scope.place,
    named: new Map(),
    required: false,
    names: [],
    sizes: { least: 0 },
  };
  if (!selected) return { ...base, required: true, named: belowAll(example, scope) };
  const each = cascaded ? [] : rules.filter((rule) => matcherOf(rule).valuesOnly);
  const [first] = each;
  const place = { kind: 'objects', example: Object.fromEntries(example), cascaded } as const;
  const whole = rules
    .filter((rule) => !each.includes(rule))
    .map((rule) => matcherOf(rule).whole?.(rule, place) ?? { never: `Pact has no rule ${rule.match} for objects` });
  if (first && rules.some((rule) => !each.includes(rule) && rule.match !== 'eachKey'))
    return { ...base, unknown: 'rules for the values are combined with rules for the whole object' };
  if (each.length > 1) return { ...base, unknown: 'more than one rule for the values' };
  if (first && rules.length > 1 && !isFlat(example, selected, scope))
    return { ...base, unknown: 'there are further rules below the rules for names and values' };
  const found = whole.reduce<ObjectDemand>(
    (demand, more) => ({
      ...demand,
      ...more,
      sizes: tighten({ min: more.sizes?.least, max: more.sizes?.most }, demand.sizes),
      names: [...demand.names, ...(more.names ?? [])],
    }),
    { ...base, required: true },
  );
  if (!first) return { ...found, named: belowAll(example, scope) };
  const values = first.match === 'eachValue' ? scopeUnder(first.rules, scope) : scope;
  return { ...found, required: false, ...compileEach(example, values) };
}

/** Whether Pact has no further rules below when it compares the names. */
function isFlat(example: ReadonlyMap<string, unknown>, { rules }: SelectedRules, scope: Scope): boolean {
  return [...example].every(
    ([name, value]) =>
      (typeof value !== 'object' || value === null) && selectRules(scope.all, [...scope.path, name])?.rules === rules,
  );
}

function belowAll(example: ReadonlyMap<string, unknown>, scope: Scope): Map<string, Demand> {
  return new Map([...example].map(([name, value]) => [name, compile(value, below(scope, name))]));
}

function compileEach(example: ReadonlyMap<string, unknown>, scope: Scope): Pick<ObjectDemand, 'named' | 'rest'> {
  const [first] = example.values();
  if (example.size === 0) return { named: new Map() };
  return { named: belowAll(example, scope), rest: compile(first, below(scope, { any: 'key' })) };
}

interface Scope {
  all: readonly PathRules[];
  path: BodyPath;
  /** The place in the contract, which `path` is not where rules of a variant have a root of their own. */
  place: string;
}

function below(scope: Scope, step: BodyPath[number]): Scope {
  return { ...scope, path: [...scope.path, step], place: scope.place + writePath([step]) };
}

/** The scope of values below whose own rules take the place of all others. */
function scopeUnder(rules: readonly Rule[], scope: Scope): Scope {
  const star = { any: 'key' as const };
  const path = [...scope.path.map((step) => (typeof step === 'object' ? star : step)), star];
  return { ...scope, all: rules.length > 0 ? [{ combine: 'and', rules, text: '', path }] : [] };
}

/** A place in a body: names, indices, or `*` for any item behind those that the contract names. */
type BodyPath = readonly (string | number | { any: 'key' | 'index' })[];

interface SelectedRules {
  rules: PathRules;
  /** Whether they belong to a place above, and count for all below it. */
  cascaded: boolean;
}

/**
 * The rules for a place, as Pact chooses them: of all paths that lead to the place or above it, the one of most weight, where a
 * name or an index weighs 2 and a star 1, multiplied, times the number of its steps.
 */
export function selectRules(all: readonly PathRules[], path: BodyPath): SelectedRules | undefined {
  let best: { rules: PathRules; weight: number } | undefined;
  for (const rules of all) {
    const weight = weigh(rules.path, path);
    if (weight > 0 && weight >= (best?.weight ?? 0)) best = { rules, weight };
  }
  return best && { rules: best.rules, cascaded: best.rules.path.length !== path.length };
}

function weigh(steps: readonly PathStep[], path: BodyPath): number {
  if (steps.length > path.length) return 0;
  const product = steps.reduce<number>((weight, step, index) => weight * weighStep(step, path[index]), 2);
  // The root is a step as well.
  return product * (steps.length + 1);
}

function weighStep(step: PathStep, at: BodyPath[number] | undefined): number {
  // To Pact, a name of digits is an index too.
  const isIndex = typeof at === 'object' ? at.any === 'index' : /^\d+$/.test(String(at));
  if (typeof step === 'object') return step.any === 'key' || isIndex ? 1 : 0;
  if (typeof at === 'object') return 0;
  return String(step) === String(at) ? 2 : 0;
}

export function writePath(path: BodyPath): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : typeof step === 'object' ? '[*]' : memberStep(step)))
    .join('');
}
