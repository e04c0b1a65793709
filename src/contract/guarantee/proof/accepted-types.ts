import type { Rule } from '../../pact/matching-rules.ts';
import { rulesOf } from '../demand/conditions.ts';
import type { Demand, ScalarDemand } from '../../../matching/demand.ts';
import { jsonTypeOf, type JsonType } from '../schema/json-type.ts';
import { exampleOf } from '../../../verify/guarantee/proof/cover.ts';

/** The types that a demand accepts some value of; undefined where that is any. */
export function acceptedTypes(demands: readonly Demand[]): Set<JsonType> | undefined {
  const types = new Set<JsonType>();
  for (const demand of demands) {
    if (demand.kind !== 'scalar') types.add(demand.kind);
    else for (const type of typesOfRules(demand)) types.add(type);
  }
  return types.size === 7 ? undefined : types;
}

function typesOfRules({ condition }: ScalarDemand): JsonType[] {
  const own = jsonTypeOf(exampleOf(condition));
  const numbers: JsonType[] = ['integer', 'number'];
  const byRule: Partial<Record<Rule['match'], JsonType[]>> = {
    type: own === 'integer' || own === 'number' ? numbers : [own],
    equality: [own],
    values: [own],
    integer: ['integer'],
    decimal: ['number'],
    number: numbers,
    null: ['null'],
    boolean: ['boolean', 'string'],
    semver: ['string'],
  };
  const types = rulesOf(condition).flatMap(({ match }) => byRule[match] ?? []);
  return types.length > 0 ? types : [own, ...(own === 'integer' ? numbers : [])];
}
