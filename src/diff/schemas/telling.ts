import type { FoundChange } from '../change.ts';
import type { Difference, Pair } from './difference.ts';

/** A pair that was met on the way from the root, and where. */
export interface Visit {
  pair: Pair;
  steps: readonly string[];
  above: Visit | undefined;
  /** How many of the steps lead to all places at which it was met. */
  common: number;
  /** Whether a schema around it allows all that it must. */
  isHarmless: boolean;
}

/** The place is what all values with the change share: a schema used at several places is reported at the first. */
export function tell(
  { rule, step, sentence }: Difference,
  severity: FoundChange['severity'],
  visit: Visit,
  root: string,
): FoundChange {
  const steps = step === '' ? visit.steps : [...visit.steps, step];
  const open = steps.findIndex((each) => each === '.*' || /^\[\d/.test(each));
  const place = root + steps.slice(0, Math.min(commonOf(visit), open < 0 ? Infinity : open)).join('');
  const words =
    severity === 'undecided' ? `${sentence.replace(/\.$/, '')}; whether that breaks cannot be decided.` : sentence;
  return { severity, rule, place, sentence: `${root}${steps.join('')}: ${words}` };
}

function commonOf({ above, common }: Visit): number {
  return Math.min(common, above ? commonOf(above) : Infinity);
}

export function meetAgain(first: Visit, steps: readonly string[]): void {
  const apart = first.steps.findIndex((step, index) => step !== steps[index]);
  if (apart >= 0) first.common = Math.min(first.common, apart);
}
