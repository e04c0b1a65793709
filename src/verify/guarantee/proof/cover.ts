import type { Condition, Demand } from '../../../matching/demand.ts';
import {
  conditionOf,
  isEquality,
  keeps,
  keepsAnything,
  matcherOf,
  satisfies,
  textsOf,
} from '../../../matching/matchers.ts';
import { findTexts } from '../../../util/regex/find-text.ts';
import { both, either, not, wholly } from '../../../util/regex/language.ts';
import { jsonTypeOf, type JsonType } from '../../../util/json.ts';
import { boundOf, typesOfBranch, valuesOf, type Branch } from '../../../openapi/schema.ts';
import type { Sampler } from './sampler.ts';
import { stringsOf } from '../../../openapi/values/strings.ts';

/** Whether each value of a type that a branch allows is accepted; else values that may not be. */
type Cover = { all: true } | { all: false; values: readonly unknown[]; reason?: string };

const covered: Cover = { all: true };

export function typesIn(branch: Branch): JsonType[] {
  const isNamed = valuesOf(branch) !== undefined;
  return [...typesOfBranch(branch)].filter(
    (type) => isNamed || (type !== 'integer' && type !== 'number') || !hasNone(branch, type),
  );
}

/**
 * Whether each value of one type is accepted by one of the demands. Arrays and objects are accepted whole where a demand is for
 * them: what stands within is looked at by itself.
 */
export function coverType(branch: Branch, type: JsonType, demands: readonly Demand[], sampler: Sampler): Cover {
  if (demands.some(({ kind }) => kind === type)) return covered;
  const values = valuesOf(branch)?.filter((value) => jsonTypeOf(value) === type);
  if (values) return ofValues(values, demands);
  const conditions = demands.flatMap((demand) => (demand.kind === 'scalar' ? [demand.condition] : []));
  switch (type) {
    case 'null':
      return ofValues([null], demands);
    case 'boolean':
      return ofValues([true, false], demands);
    case 'string':
      return ofStrings(branch, conditions, sampler);
    case 'integer':
    case 'number':
      if (coversNumbers(branch, type, { kind: 'or', parts: conditions })) return covered;
      break;
    case 'array':
    case 'object':
      if (conditions.some((condition) => keepsAnything(condition))) return covered;
  }
  return { all: false, values: refused(sampler.ofType(branch, type), demands) };
}

function ofValues(values: readonly unknown[], demands: readonly Demand[]): Cover {
  const open = values.filter((value) => !demands.some((demand) => satisfies(value, demand) === true));
  return open.length === 0 ? covered : { all: false, values: open };
}

function ofStrings(branch: Branch, conditions: readonly Condition[], sampler: Sampler): Cover {
  const found = findTexts(both(stringsOf(branch), not(either(...conditions.map((each) => textsOf(each))))), 8);
  if (found.kind === 'none') return covered;
  const values = sampler
    .ofType(branch, 'string')
    .filter((value) => conditions.every((condition) => keeps(value, condition) === false));
  return {
    all: false,
    values: [...(found.kind === 'texts' ? found.texts : []), ...values],
    ...(found.kind === 'unknown' ? { reason: found.reason } : {}),
  };
}

function refused(values: readonly unknown[], demands: readonly Demand[]): unknown[] {
  return values.filter((value) => demands.every((demand) => satisfies(value, demand) === false));
}

export function isExample(demand: Demand): boolean {
  return demand.kind === 'scalar' && isEquality(demand.condition);
}

export function exampleOf(condition: Condition): unknown {
  if (condition.kind === 'rule') return condition.example;
  const [first = conditionOf(undefined, undefined)] = condition.parts;
  return exampleOf(first);
}

const digits = String.raw`(?:0|[1-9]\d*)`;
const fraction = String.raw`(?:\.\d+)?(?:e[+-]?\d+)?`;

/** The texts in which the numbers of a branch may stand in JSON; perhaps some more. */
function numberTexts(branch: Branch, type: 'integer' | 'number'): string {
  const least = boundOf(branch, 'minimum') ?? -Infinity;
  const above = boundOf(branch, 'exclusiveMinimum') ?? -Infinity;
  if (type === 'number') return (least >= 0 || above >= 0 ? '' : '-?') + digits + fraction;
  if (least > 0 || above >= 0) return String.raw`[1-9]\d*`;
  return (least > -1 || above >= -1 ? '' : '-?') + digits;
}

/**
 * Whether all numbers of a branch keep a condition. False says nothing.
 * @param type which of the numbers: the integers, or those that are none.
 */
function coversNumbers(branch: Branch, type: 'integer' | 'number', condition: Condition): boolean {
  if (condition.kind !== 'rule') {
    const covers = (part: Condition): boolean => coversNumbers(branch, type, part);
    return condition.kind === 'and' ? condition.parts.every(covers) : condition.parts.some(covers);
  }
  const numbers = matcherOf(condition.rule).numbers(condition.example);
  if (numbers === 'example') return isOnly(branch, condition.example);
  if (numbers === 'texts')
    return findTexts(both(wholly(numberTexts(branch, type)), not(textsOf(condition)))).kind === 'none';
  return numbers === 'all' || numbers === (type === 'integer' ? 'integers' : 'decimals');
}

function hasNone(branch: Branch, type: 'integer' | 'number'): boolean {
  const least = boundOf(branch, 'minimum') ?? -Infinity;
  const most = boundOf(branch, 'maximum') ?? Infinity;
  const above = boundOf(branch, 'exclusiveMinimum') ?? -Infinity;
  const underneath = boundOf(branch, 'exclusiveMaximum') ?? Infinity;
  if (type === 'number') {
    const steps = branch.parts.map(({ schema }) => schema['multipleOf']);
    return steps.some((step) => Number.isInteger(step)) || (least === most && Number.isInteger(least));
  }
  const first = Math.max(Math.ceil(least), Math.floor(above) + 1);
  const last = Math.min(Math.floor(most), Math.ceil(underneath) - 1);
  return first > last;
}

function isOnly(branch: Branch, value: unknown): boolean {
  return boundOf(branch, 'minimum') === value && boundOf(branch, 'maximum') === value;
}
