import type { Result } from '../../verify/verdict.ts';
import { matrixOf, netsOf, type Report } from '../../verify/report/report.ts';
import { describeOpen, describeStrength, strengthTable } from '../strength/table.ts';
import { describeCoverage, describeReport, placeOf } from './words.ts';

const words: Readonly<Record<Result, string>> = {
  holds: 'holds',
  broken: 'BROKEN',
  unanswered: 'no answer',
  'not verifiable': 'unknown',
};

/** A table for people: a row for each interaction and operation, a column for each net, then what does not hold. */
export function terminal(report: Report): string {
  const { verdicts } = report;
  const columns = netsOf(verdicts);
  const lines: string[] = [];
  let group: string | undefined;
  for (const row of matrixOf(verdicts)) {
    if (row.group !== group) lines.push('', row.group);
    group = row.group;
    const cells = columns.map((net) => {
      const cell = row.cells[net];
      return (cell ? words[cell.result] : '').padEnd(12);
    });
    lines.push(`  ${cells.join('')}${row.name}`);
  }
  lines.unshift(`  ${columns.map((net) => net.padEnd(12)).join('')}`);
  for (const verdict of verdicts) {
    if (verdict.result === 'holds') continue;
    const { result, net, rule, sentence } = verdict;
    lines.push('', `${words[result]}  ${net}: ${rule}`, `  ${placeOf(verdict)}`, `  ${sentence}`);
  }
  const { strength } = report;
  if (strength) lines.push('', strengthTable(strength), '', ...describeOpen(strength), describeStrength(strength));
  return `${lines.join('\n')}\n\n${describeCoverage(report)}\n${describeReport(report)}\n`;
}
