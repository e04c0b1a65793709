import type { MutantOutcome } from './measure.ts';

/** What became of the mutants of one operator. */
export interface OperatorSummary {
  name: string;
  expected: 'refused' | 'accepted';
  mutants: number;
  /** How many each check kills. */
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
  open: { id: string; result: MutantOutcome['result']; by?: string; pointer: string; advice: string }[];
}

export function summarizeStrength(outcomes: readonly MutantOutcome[]): StrengthSummary {
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

function summarizeOperator(
  name: string,
  expected: OperatorSummary['expected'],
  own: readonly MutantOutcome[],
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

function openOf({ mutant, judgements, result, advice = '' }: MutantOutcome): StrengthSummary['open'] {
  if (result !== 'survived' && result !== 'refused') return [];
  const [net, judgement] = Object.entries(judgements).find(([, each]) => each.result === 'killed') ?? [];
  const by = net === undefined ? {} : { by: judgement?.by === undefined ? net : `${net} (${judgement.by})` };
  return [{ id: mutant.id, result, pointer: mutant.pointer, advice, ...by }];
}

/** How much of what must be noticed is noticed. */
interface Figures {
  /** Mutants that are not equivalent. */
  readonly mutants: number;
  /** Percent that some check kills, rounded down to a tenth. */
  readonly score: number;
  /** The same for each check alone. */
  readonly nets: Readonly<Record<string, number>>;
  readonly equivalent: number;
  readonly controls: number;
  /** Controls that some check refuses. */
  readonly refused: number;
}

export function figuresOf(outcomes: readonly MutantOutcome[]): Figures {
  const count = (...results: MutantOutcome['result'][]): number =>
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

/** One line for each operator: how many mutants each check kills, and what became of them. */
export function strengthTable({ nets, operators }: StrengthSummary): string {
  const header = ['operator', 'mutants', ...nets, 'survived', 'equivalent'];
  const line = ({ name, mutants, killed, survived, equivalent }: OperatorSummary): string[] => [
    name,
    String(mutants),
    ...nets.map((net) => shown(killed[net] ?? 0)),
    shown(survived),
    shown(equivalent),
  ];
  const part = (expected: OperatorSummary['expected'], name: string): string[][] => {
    const own = operators.filter((operator) => operator.expected === expected);
    return [...own.map(line), line(sumOf(name, expected, own, nets))];
  };
  return layOut([header, ...part('refused', 'all mutants'), ...part('accepted', 'all controls')]);
}

/** What the table cannot say: each mutant that survived and each control that was refused, with what would help. */
export function describeOpen({ open }: StrengthSummary): string[] {
  return open.map(({ id, result, by, pointer, advice }) => {
    const whom = by === undefined ? '' : ` by ${by}`;
    return `${result}${whom}: ${id}\n  ${pointer}\n  ${advice}`;
  });
}

/** All of it in one sentence. */
export function describeStrength({ figures }: StrengthSummary): string {
  const { score, mutants, equivalent, controls, refused } = figures;
  return (
    `Provider: ${score} % of ${mutants} mutants killed; ${equivalent} equivalent by the specification; ` +
    `${controls - refused} of ${controls} controls accepted.`
  );
}

function sumOf(
  name: string,
  expected: OperatorSummary['expected'],
  all: readonly OperatorSummary[],
  nets: readonly string[],
): OperatorSummary {
  const sum = (read: (each: OperatorSummary) => number): number => all.reduce((total, each) => total + read(each), 0);
  const killed = Object.fromEntries(nets.map((net) => [net, sum((each) => each.killed[net] ?? 0)]));
  const [mutants, survived, equivalent] = [
    sum((each) => each.mutants),
    sum((each) => each.survived),
    sum((each) => each.equivalent),
  ];
  return { name, expected, mutants, killed, survived, equivalent };
}

function shown(count: number): string {
  return count === 0 ? '·' : String(count);
}

function layOut(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
