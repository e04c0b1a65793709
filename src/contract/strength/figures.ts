import type { Outcome } from '../../verify/mutation/measure.ts';

/** How much of what must be noticed is noticed. */
export interface Figures {
  /** Mutants that are not equivalent. */
  readonly mutants: number;
  /** Percent that some net kills, rounded down to a tenth. */
  readonly score: number;
  /** The same for each net alone. */
  readonly nets: Readonly<Record<string, number>>;
  readonly equivalent: number;
  readonly controls: number;
  /** Controls that some net refuses. */
  readonly refused: number;
}

export function figuresOf(outcomes: readonly Outcome[]): Figures {
  const count = (...results: Outcome['result'][]): number =>
    outcomes.filter(({ result }) => results.includes(result)).length;
  const counted = outcomes.filter(({ result }) => result === 'killed' || result === 'survived');
  const names = [...new Set(outcomes.flatMap(({ judgements }) => Object.keys(judgements)))];
  const killedBy = (name: string): number =>
    counted.filter(({ judgements }) => judgements[name]?.result === 'killed').length;
  return {
    mutants: counted.length,
    score: percent(count('killed'), counted.length),
    nets: Object.fromEntries(names.map((name) => [name, percent(killedBy(name), counted.length)])),
    equivalent: count('equivalent'),
    controls: count('accepted', 'refused'),
    refused: count('refused'),
  };
}

/** Percent, rounded down to a tenth, so that only all is 100. */
export function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.floor((part / whole) * 1000) / 10;
}
