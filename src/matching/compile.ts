import type { PathRules } from '../contract/pact/matching-rules.ts';
import { compileArray } from '../contract/guarantee/demand/compile-array.ts';
import { compileObject } from '../contract/guarantee/demand/compile-object.ts';
import { conditionOf } from '../contract/guarantee/demand/conditions.ts';
import type { Demand } from './demand.ts';
import type { Scope } from '../contract/guarantee/demand/scope.ts';
import { selectRules } from '../contract/guarantee/demand/select-rules.ts';

/** What a contract demands of a body, from its example and its rules. */
export function compileBody(example: unknown, all: readonly PathRules[], place: string): Demand {
  return compile(example, { all, path: [], place, compile });
}

function compile(example: unknown, scope: Scope): Demand {
  if (Array.isArray(example)) return compileArray(example, scope);
  if (typeof example === 'object' && example !== null) return compileObject(new Map(Object.entries(example)), scope);
  const condition = conditionOf(selectRules(scope.all, scope.path)?.rules, example);
  return { kind: 'scalar', place: scope.place, condition };
}
