import { besideContracts, type MutantOutcome } from './measure.ts';

export interface OperatorSummary {
  name: string;
  expected: 'refused' | 'accepted';
  mutants: number;
  killed: Record<string, number>;
  survived: number;
  equivalent: number;
}

export interface StrengthSummary {
  figures: Figures;
  nets: string[];
  operators: OperatorSummary[];
  open: { id: string; result: MutantOutcome['result']; by?: string; pointer: string; advice: string }[];
}

export function summarizeStrength(outcomes: readonly MutantOutcome[]): StrengthSummary {
  const nets = checksOf(outcomes);
  const names = [...new Set(outcomes.map(({ mutant }) => mutant.operator))];
  const operators = (['refused', 'accepted'] as const).flatMap((expected) =>
    names.flatMap((name): OperatorSummary[] => {
      const own = outcomes.filter(({ mutant }) => mutant.operator === name && mutant.expected === expected);
      const count = (wanted: MutantOutcome['result']): number => own.filter(({ result }) => result === wanted).length;
      if (own.length === 0) return [];
      const killed = Object.fromEntries(nets.map((check) => [check, killedBy(check, own)]));
      const [survived, equivalent] = [count('survived'), count('equivalent')];
      return [{ name, expected, mutants: own.length, killed, survived, equivalent }];
    }),
  );
  return { figures: figuresOf(outcomes), nets, operators, open: outcomes.flatMap(openOf) };
}

function openOf({ mutant, judgements, result, advice = '' }: MutantOutcome): StrengthSummary['open'] {
  if (result !== 'survived' && result !== 'refused') return [];
  const [check, judgement] = Object.entries(judgements).find(([, each]) => each.result === 'killed') ?? [];
  const by = check === undefined ? {} : { by: judgement?.by === undefined ? check : `${check} (${judgement.by})` };
  return [{ id: mutant.id, result, pointer: mutant.pointer, advice, ...by }];
}

interface Figures {
  /** Mutants that are not equivalent. */
  readonly mutants: number;
  /** Percent that some check of the contracts kills, rounded down to a tenth. */
  readonly score: number;
  readonly nets: Readonly<Record<string, number>>;
  readonly equivalent: number;
  readonly controls: number;
  readonly refused: number;
}

export function figuresOf(outcomes: readonly MutantOutcome[]): Figures {
  const count = (...results: MutantOutcome['result'][]): number =>
    outcomes.filter(({ result }) => results.includes(result)).length;
  const counted = outcomes.filter(({ result }) => result === 'killed' || result === 'survived');
  const shares = checksOf(outcomes).map((check) => [check, percent(killedBy(check, counted), counted.length)] as const);
  return {
    mutants: counted.length,
    score: percent(count('killed'), counted.length),
    nets: Object.fromEntries(shares),
    equivalent: count('equivalent'),
    controls: count('accepted', 'refused'),
    refused: count('refused'),
  };
}

function checksOf(outcomes: readonly MutantOutcome[]): string[] {
  return [...new Set(outcomes.flatMap(({ judgements }) => Object.keys(judgements)))];
}

function killedBy(check: string, outcomes: readonly MutantOutcome[]): number {
  return outcomes.filter(({ judgements }) => judgements[check]?.result === 'killed').length;
}

/** Percent, rounded down to a tenth, so that only all is 100. */
export function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.floor((part / whole) * 1000) / 10;
}

/** One line for each operator: how many mutants each check kills, and what became of them. */
export function strengthTable({ nets, operators }: StrengthSummary): string {
  const header = ['operator', 'mutants', ...nets, 'survived', 'equivalent'];
  const shown = (count: number): string => (count === 0 ? '·' : String(count));
  const part = (expected: OperatorSummary['expected'], title: string): string[][] => {
    const own = operators.filter((operator) => operator.expected === expected);
    const columns = own.map(({ mutants, killed, survived, equivalent }) => [
      mutants,
      ...nets.map((check) => killed[check] ?? 0),
      survived,
      equivalent,
    ]);
    const sums = header.slice(1).map((_, column) => columns.reduce((sum, row) => sum + (row[column] ?? 0), 0));
    const line = (name: string, [mutants = 0, ...counts]: readonly number[]): string[] => [
      name,
      String(mutants),
      ...counts.map(shown),
    ];
    return [...own.map(({ name }, index) => line(name, columns[index] ?? [])), line(title, sums)];
  };
  return layOut([header, ...part('refused', 'all mutants'), ...part('accepted', 'all controls')]);
}

/** Each mutant that survived and each control that was refused, with advice. */
export function describeOpen({ open }: StrengthSummary): string[] {
  return open.map(({ id, result, by, pointer, advice }) => {
    const whom = by === undefined ? '' : ` by ${by}`;
    return `${result}${whom}: ${id}\n  ${pointer}\n  ${advice}`;
  });
}

export function describeStrength({ figures }: StrengthSummary): string {
  const { score, mutants, nets, equivalent, controls, refused } = figures;
  const shares = (isBeside: boolean): string =>
    Object.entries(nets)
      .flatMap(([name, share]) => (besideContracts.has(name) === isBeside ? [`${name} ${share} %`] : []))
      .join(', ');
  const beside = shares(true) === '' ? '' : `, beside them ${shares(true)}`;
  return (
    `The contracts kill ${score} % of ${mutants} mutants of the provider (${shares(false)}${beside}); ` +
    `${equivalent} equivalent by the specification; ${controls - refused} of ${controls} controls accepted.`
  );
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
