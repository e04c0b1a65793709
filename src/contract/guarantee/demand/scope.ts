import type { PathRules, Rule } from '../../pact/matching-rules.ts';
import type { Demand } from '../../../matching/demand.ts';
import { writePath } from './places.ts';
import type { BodyPath } from './select-rules.ts';

/** What is being compiled: the rules that count here, and where it stands. */
export interface Scope {
  all: readonly PathRules[];
  path: BodyPath;
  /** The place in the contract, which `path` is not where rules of a variant have a root of their own. */
  place: string;
  /** Compiles what stands below. */
  compile: (example: unknown, scope: Scope) => Demand;
}

/** The scope of what stands below. */
export function below(scope: Scope, step: BodyPath[number]): Scope {
  return { ...scope, path: [...scope.path, step], place: scope.place + writePath([step]) };
}

/** The rules of `eachValue` take the place of all others below. */
export function scopeOfEach(rule: Rule, scope: Scope): Scope {
  if (rule.match !== 'eachValue') return scope;
  const star = { any: 'key' as const };
  const path = [...scope.path.map((step) => (typeof step === 'object' ? star : step)), star];
  return { ...scope, all: rule.rules.length > 0 ? [{ combine: 'and', rules: rule.rules, text: '', path }] : [] };
}
