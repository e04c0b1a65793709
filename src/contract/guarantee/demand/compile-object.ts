import type { Rule } from '../../pact/matching-rules.ts';
import { conditionOf } from './conditions.ts';
import type { Demand, ObjectDemand } from '../../../matching/demand.ts';
import { below, scopeOfEach, type Scope } from './scope.ts';
import { selectRules, type SelectedRules } from './select-rules.ts';
import { tighten } from './sizes.ts';

/** What a contract demands where its example is an object. */
export function compileObject(example: ReadonlyMap<string, unknown>, scope: Scope): Demand {
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
  // Of these, Pact looks at the values alone, and never at which names there are.
  const each = cascaded
    ? []
    : rules.filter(({ match }) => match === 'values' || match === 'eachValue' || match === 'arrayContains');
  if (each.length > 0 && rules.some((rule) => !each.includes(rule) && rule.match !== 'eachKey'))
    return { ...base, unknown: 'rules for the values stand beside rules for the whole' };
  if (each.length > 1) return { ...base, unknown: 'more than one rule for the values' };
  if (each.length > 0 && rules.length > 1 && !isFlat(example, selected, scope))
    return { ...base, unknown: 'rules for names and values stand above further rules' };
  const whole = rules.filter((rule) => !each.includes(rule));
  const found = whole.reduce((demand, rule) => ({ ...demand, ...objectOfRule(rule, demand, example, cascaded) }), base);
  const [rule] = each;
  if (rule) return { ...found, ...compileEach(example, scopeOfEach(rule, scope)) };
  const free = !cascaded && rules.some(({ match }) => match === 'eachKey');
  return { ...found, required: !free, named: belowAll(example, scope) };
}

/** Whether Pact finds nothing more to compare below, when it looks at the names. */
function isFlat(example: ReadonlyMap<string, unknown>, { rules }: SelectedRules, scope: Scope): boolean {
  return [...example].every(
    ([name, value]) =>
      (typeof value !== 'object' || value === null) && selectRules(scope.all, [...scope.path, name])?.rules === rules,
  );
}

function belowAll(example: ReadonlyMap<string, unknown>, scope: Scope): Map<string, Demand> {
  return new Map([...example].map(([name, value]) => [name, scope.compile(value, below(scope, name))]));
}

/** Each value is compared with the example's value of the same name, or else with its first one. */
function compileEach(example: ReadonlyMap<string, unknown>, scope: Scope): Pick<ObjectDemand, 'named' | 'rest'> {
  const [first] = example.values();
  if (example.size === 0) return { named: new Map() };
  return { named: belowAll(example, scope), rest: scope.compile(first, below(scope, { any: 'key' })) };
}

/** What a rule demands of a whole object. */
function objectOfRule(
  rule: Rule,
  demand: ObjectDemand,
  example: ReadonlyMap<string, unknown>,
  cascaded: boolean,
): Partial<ObjectDemand> {
  switch (rule.match) {
    case 'type':
      return cascaded ? {} : { sizes: tighten(rule, demand.sizes) };
    case 'equality':
      return { equal: { value: Object.fromEntries(example) } };
    case 'notEmpty':
      return { sizes: tighten({ min: 1 }, demand.sizes) };
    case 'eachKey':
      return {
        names: [
          ...demand.names,
          ...(cascaded ? [] : rule.rules.map((each) => conditionOf({ combine: 'and', rules: [each] }, ''))),
        ],
      };
    case 'regex':
    case 'values':
    case 'eachValue':
    case 'arrayContains':
      return {};
    case 'unknown':
      return { unknown: `the rule ${rule.name} is none of Pact's own` };
    case 'include':
    case 'date':
    case 'time':
    case 'datetime':
    case 'contentType':
    case 'statusCode':
    case 'integer':
    case 'decimal':
    case 'number':
    case 'boolean':
    case 'null':
    case 'semver':
      break;
  }
  return { never: `Pact has no rule ${rule.match} for objects` };
}
