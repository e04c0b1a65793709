import { conditionOf, isEquality } from '../../../contract/guarantee/demand/conditions.ts';
import type { Condition, Demand } from '../../../matching/demand.ts';
import { keeps, satisfies } from '../../../matching/matchers.ts';
import { textsOf } from '../../../contract/guarantee/demand/texts.ts';
import { findTexts } from '../../../matching/regex/find-text.ts';
import { both, either, not } from '../../../matching/regex/language.ts';
import { typesOfBranch, valuesOf, type Branch } from './branches.ts';
import { jsonTypeOf, type JsonType } from '../../../contract/guarantee/schema/json-type.ts';
import { stringsOf } from './text-languages.ts';
import { coversNumbers, hasNone } from '../../../contract/guarantee/proof/numbers.ts';
import type { Sampler } from './sampler.ts';

/** Whether each value of a type that a branch allows is accepted; else values that may not be. */
export type Cover = { all: true } | { all: false; values: readonly unknown[]; reason?: string };

const covered: Cover = { all: true };

/** The types of the values that a branch allows. */
export function typesIn(branch: Branch): JsonType[] {
  const values = valuesOf(branch);
  if (values) return [...new Set(values.map(jsonTypeOf))];
  return [...typesOfBranch(branch)].filter(
    (type) => (type !== 'integer' && type !== 'number') || !hasNone(branch, type),
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
      if (conditions.some(acceptsAnything)) return covered;
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

function acceptsAnything(condition: Condition): boolean {
  if (condition.kind !== 'rule') {
    return condition.kind === 'and' ? condition.parts.every(acceptsAnything) : condition.parts.some(acceptsAnything);
  }
  return ['eachKey', 'eachValue', 'arrayContains', 'statusCode'].includes(condition.rule.match);
}

/** Whether a demand says nothing but that a value must be the example. */
export function isExample(demand: Demand): boolean {
  return demand.kind === 'scalar' && isEquality(demand.condition);
}

/** The example of a demand for a single value. */
export function exampleOf(condition: Condition): unknown {
  if (condition.kind === 'rule') return condition.example;
  const [first = conditionOf(undefined, undefined)] = condition.parts;
  return exampleOf(first);
}
