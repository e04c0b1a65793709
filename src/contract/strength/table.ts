import type { Outcome } from './measure.ts';

/** One line for each operator: how many mutants each net kills, and what became of them. */
export function strengthTable(outcomes: readonly Outcome[]): string {
  const nets = [...new Set(outcomes.flatMap(({ judgements }) => Object.keys(judgements)))];
  const operators = [...new Set(outcomes.map(({ mutant }) => mutant.operator))];
  const header = ['operator', 'mutants', ...nets, 'survived', 'equivalent'];
  const line = (name: string, own: readonly Outcome[]): string[] => [
    name,
    String(own.length),
    ...nets.map((net) => shown(own.filter(({ judgements }) => judgements[net]?.result === 'killed').length)),
    shown(own.filter(({ result }) => result === 'survived').length),
    shown(own.filter(({ result }) => result === 'equivalent').length),
  ];
  const part = (expected: string): Outcome[] => outcomes.filter(({ mutant }) => mutant.expected === expected);
  const lines = (all: readonly Outcome[]): string[][] =>
    operators
      .map((operator) =>
        line(
          operator,
          all.filter(({ mutant }) => mutant.operator === operator),
        ),
      )
      .filter(([, count]) => count !== '0');
  const [mutants, controls] = [part('refused'), part('accepted')];
  return layOut([
    header,
    ...lines(mutants),
    line('all mutants', mutants),
    ...lines(controls),
    line('all controls', controls),
  ]);
}

/** What the table cannot say: each mutant that survived and each control that was refused, with what would help. */
export function describeOpen(outcomes: readonly Outcome[]): string[] {
  return outcomes
    .filter(({ result }) => result === 'survived' || result === 'refused')
    .map(({ mutant, judgements, result, advice = '' }) => {
      const by = Object.entries(judgements).find(([, judgement]) => judgement.result === 'killed');
      const whom = by ? ` by ${by[0]}${by[1].by === undefined ? '' : ` (${by[1].by})`}` : '';
      return `${result}${whom}: ${mutant.id}\n  ${mutant.pointer}\n  ${advice}`;
    });
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
