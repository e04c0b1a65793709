import type { Result } from '../../verify/verdict.ts';
import { matrixOf, netsOf, type Report } from '../../verify/report/report.ts';
import { describeOpen, describeStrength } from '../strength/table.ts';
import { describeCoverage, describeReport, placeOf } from './words.ts';

const signs: Readonly<Record<Result, string>> = {
  holds: 'holds',
  broken: '**broken**',
  unanswered: '**no answer**',
  'not verifiable': 'not verifiable',
};

/** For the summary of a CI run. */
export function markdown(report: Report): string {
  const { verdicts } = report;
  const columns = netsOf(verdicts);
  const lines = ['# Contracts', '', cell(describeReport(report)), '', cell(describeCoverage(report)), ''];
  lines.push(`| | ${columns.join(' | ')} |`, `| --- |${' --- |'.repeat(columns.length)}`);
  for (const { name, cells } of matrixOf(verdicts)) {
    const said = columns.map((net) => {
      const found = cells[net];
      return found ? signs[found.result] : '';
    });
    lines.push(`| ${cell(name)} | ${said.join(' | ')} |`);
  }
  const failing = verdicts.filter(({ result }) => result !== 'holds');
  if (failing.length > 0) lines.push('', '## What does not hold', '');
  for (const verdict of failing) {
    const { result, net, rule, sentence } = verdict;
    lines.push(`- ${signs[result]} (${net}, ${cell(rule)}) ${cell(placeOf(verdict))}: ${cell(sentence)}`);
  }
  const { strength } = report;
  if (strength) {
    lines.push('', '## How strong the contracts are', '', cell(describeStrength(strength)), '');
    lines.push(...describeOpen(strength).map((each) => `- ${cell(each)}`));
  }
  return `${lines.join('\n')}\n`;
}

/** A text that stays within its cell, whatever is in it. */
function cell(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>()#|]/g, String.raw`\$&`).replaceAll(/\s+/g, ' ');
}
