import type { PathRules, PathStep } from '../../pact/matching-rules.ts';

/** A place in a body: names, indices, or `*` for any item behind those that the contract names. */
export type BodyPath = readonly (string | number | { any: 'key' | 'index' })[];

export interface SelectedRules {
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
  if (typeof step === 'object') {
    return step.any === 'key' || isIndex(at) ? 1 : 0;
  }
  if (typeof at === 'object') return 0;
  return String(step) === String(at) ? 2 : 0;
}

function isIndex(at: BodyPath[number] | undefined): boolean {
  if (typeof at === 'object') return at.any === 'index';
  // A name of digits is an index as well, to Pact.
  return at !== undefined && /^\d+$/.test(String(at));
}
