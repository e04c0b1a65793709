import type { Rule } from '../../pact/matching-rules.ts';
import type { ArrayDemand, Demand } from '../../../matching/demand.ts';
import { below, scopeOfEach, type Scope } from './scope.ts';
import { selectRules } from './select-rules.ts';
import { tighten } from './sizes.ts';

/** What a contract demands where its example is an array. */
export function compileArray(example: readonly unknown[], scope: Scope): Demand {
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
    const items = example.map((item, index) => scope.compile(item, below(scope, index)));
    return { ...base, items, sizes: { least: example.length, most: example.length }, exactly: true };
  }
  // Pact compares nothing with an empty example once there is a rule.
  if (example.length === 0) return base;
  const { rules, cascaded } = selected;
  if (rules.combine === 'or' && rules.rules.length > 1)
    return { ...base, unknown: 'rules for an array are alternatives' };
  return rules.rules.reduce((demand, rule) => merge(demand, arrayOfRule(rule, example, scope, cascaded, base)), base);
}

function arrayOfRule(
  rule: Rule,
  example: readonly unknown[],
  scope: Scope,
  cascaded: boolean,
  base: ArrayDemand,
): ArrayDemand {
  const items = { ...base, ...compileItems(example, scope) };
  switch (rule.match) {
    case 'arrayContains':
      return { ...base, ...compileVariants(rule.variants, example, scope) };
    case 'eachValue':
      return cascaded ? base : { ...base, ...compileItems(example, scopeOfEach(rule, scope)) };
    case 'type':
      return cascaded ? items : { ...items, sizes: tighten(rule, base.sizes) };
    case 'notEmpty':
      return { ...items, sizes: tighten({ min: 1 }, base.sizes) };
    case 'equality':
      return { ...items, equal: { value: example } };
    case 'null':
    case 'statusCode':
      return { ...items, never: `Pact has no rule ${rule.match} for arrays` };
    case 'unknown':
      return { ...items, unknown: `the rule ${rule.name} is none of Pact's own` };
    case 'regex':
    case 'include':
    case 'date':
    case 'time':
    case 'datetime':
    case 'contentType':
    case 'eachKey':
    case 'integer':
    case 'decimal':
    case 'number':
    case 'boolean':
    case 'values':
    case 'semver':
      break;
  }
  return items;
}

/** Each item is compared with the example's at its index, or else with the first one. */
function compileItems(example: readonly unknown[], scope: Scope): Pick<ArrayDemand, 'items' | 'rest'> {
  const rest = scope.compile(example[0], below(scope, { any: 'index' }));
  const fixed = scope.all.some(({ path }) => typeof path[scope.path.length] === 'number');
  if (example.length === 1 && !fixed) return { items: [], rest };
  return { items: example.map((item, index) => scope.compile(item, below(scope, index))), rest };
}

function compileVariants(
  variants: Extract<Rule, { match: 'arrayContains' }>['variants'],
  example: readonly unknown[],
  scope: Scope,
): Partial<ArrayDemand> {
  const wanted = variants.length > 0 ? variants : example.map((_, index) => ({ index, rules: [] }));
  if (wanted.some(({ index }) => index >= example.length)) return { never: 'a variant has no example' };
  return {
    contains: wanted.map(({ index, rules }) =>
      // The rules of a variant begin at the item.
      scope.compile(example[index], { ...scope, all: rules, path: [], place: `${scope.place}[${index}]` }),
    ),
  };
}

/** Both demands at once. Where both have items, they are the same. */
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
