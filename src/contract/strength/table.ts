import type { OperatorSummary, StrengthSummary } from '../../verify/mutation/summary.ts';

/** One line for each operator: how many mutants each net kills, and what became of them. */
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
