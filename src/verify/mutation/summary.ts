import { figuresOf, type Figures } from '../../contract/strength/figures.ts';
import type { Outcome } from './measure.ts';

/** What became of the mutants of one operator. */
export interface OperatorSummary {
  name: string;
  expected: 'refused' | 'accepted';
  mutants: number;
  /** How many each net kills. */
  killed: Record<string, number>;
  survived: number;
  equivalent: number;
}

/** How strong contracts are, in numbers, and what is open. */
export interface StrengthSummary {
  figures: Figures;
  nets: string[];
  operators: OperatorSummary[];
  /** Mutants that survived and controls that were refused. */
  open: { id: string; result: Outcome['result']; by?: string; pointer: string; advice: string }[];
}

export function summarizeStrength(outcomes: readonly Outcome[]): StrengthSummary {
  const nets = [...new Set(outcomes.flatMap(({ judgements }) => Object.keys(judgements)))];
  const keys = new Set(outcomes.map(({ mutant }) => mutant.operator));
  const operators = (['refused', 'accepted'] as const).flatMap((expected) =>
    [...keys].flatMap((name) => {
      const own = outcomes.filter(({ mutant }) => mutant.operator === name && mutant.expected === expected);
      return own.length === 0 ? [] : [summarizeOperator(name, expected, own, nets)];
    }),
  );
  return { figures: figuresOf(outcomes), nets, operators, open: outcomes.flatMap(openOf) };
}

export function summarizeOperator(
  name: string,
  expected: OperatorSummary['expected'],
  own: readonly Outcome[],
  nets: readonly string[],
): OperatorSummary {
  const killedBy = (net: string): number => own.filter(({ judgements }) => judgements[net]?.result === 'killed').length;
  return {
    name,
    expected,
    mutants: own.length,
    killed: Object.fromEntries(nets.map((net) => [net, killedBy(net)])),
    survived: own.filter(({ result }) => result === 'survived').length,
    equivalent: own.filter(({ result }) => result === 'equivalent').length,
  };
}

function openOf({ mutant, judgements, result, advice = '' }: Outcome): StrengthSummary['open'] {
  if (result !== 'survived' && result !== 'refused') return [];
  const [net, judgement] = Object.entries(judgements).find(([, each]) => each.result === 'killed') ?? [];
  const by = net === undefined ? {} : { by: judgement?.by === undefined ? net : `${net} (${judgement.by})` };
  return [{ id: mutant.id, result, pointer: mutant.pointer, advice, ...by }];
}
