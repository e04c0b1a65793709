import { junit, type TestCase } from '../../report/junit.ts';
import { cell, table } from '../../report/page.ts';
import { describeOpen, describeStrength, strengthTable } from '../mutation/summary.ts';
import type { VerdictResult, Verdict } from '../verdict.ts';
import { html } from './html.ts';
import { checksOf, describeCoverage, describeReport, matrixOf, whereOf, type Report } from './report.ts';

/** What is not verifiable counts as skipped. */
function testCase(verdict: Verdict): TestCase {
  const { net, rule, result, contract = 'specification', sentence } = verdict;
  const head = { className: `${net}.${contract}`, name: `${whereOf(verdict)}: ${rule}` };
  if (result === 'holds') return head;
  const kind = result === 'broken' ? 'failure' : result === 'unanswered' ? 'error' : 'skipped';
  return { ...head, trouble: { kind, message: sentence } };
}

const signs: Readonly<Record<VerdictResult, string>> = {
  holds: 'holds',
  broken: '**broken**',
  unanswered: '**no answer**',
  'not verifiable': 'not verifiable',
};

function markdown(report: Report): string {
  const { verdicts } = report;
  const columns = checksOf(verdicts);
  const rows = matrixOf(verdicts).map(({ name, cells }) => [
    cell(name),
    ...columns.map((column) => (cells[column] ? signs[cells[column].result] : '')),
  ]);
  const lines = [
    '# Contracts',
    '',
    cell(describeReport(report)),
    '',
    cell(report.used),
    '',
    cell(describeCoverage(report)),
    '',
  ];
  lines.push(...table(['', ...columns], rows));
  const failing = verdicts.filter(({ result }) => result !== 'holds');
  if (failing.length > 0) lines.push('', '## What does not hold', '');
  for (const verdict of failing) {
    const { result, net, rule, sentence } = verdict;
    lines.push(`- ${signs[result]} (${net}, ${cell(rule)}) ${cell(whereOf(verdict))}: ${cell(sentence)}`);
  }
  const { strength } = report;
  if (strength) {
    lines.push('', '## How strong the contracts are', '', cell(describeStrength(strength)), '');
    lines.push(...describeOpen(strength).map((each) => `- ${cell(each)}`));
  }
  return `${lines.join('\n')}\n`;
}

type Render = (report: Report) => string;

export const jsonReport: Render = (report) => `${JSON.stringify(report, undefined, 2)}\n`;

/** By the ending of a file's name; `.xml` is JUnit's. */
export const verifyFormats: Readonly<Record<string, Render>> = {
  '.json': jsonReport,
  '.xml': ({ verdicts, milliseconds }) =>
    junit({ name: 'arzamed verify', milliseconds, cases: verdicts.map(testCase) }),
  '.md': markdown,
  '.html': html,
};

const words: Readonly<Record<VerdictResult, string>> = {
  holds: 'holds',
  broken: 'BROKEN',
  unanswered: 'no answer',
  'not verifiable': 'unknown',
};

/** A table for people: a row for each interaction and operation, a column for each check, then what does not hold. */
export function terminal(report: Report): string {
  const { verdicts } = report;
  const columns = checksOf(verdicts);
  const lines: string[] = [];
  let group: string | undefined;
  for (const row of matrixOf(verdicts)) {
    if (row.group !== group) lines.push('', row.group);
    group = row.group;
    const cells = columns.map((check) => (row.cells[check] ? words[row.cells[check].result] : '').padEnd(12));
    lines.push(`  ${cells.join('')}${row.name}`);
  }
  lines.unshift(`  ${columns.map((check) => check.padEnd(12)).join('')}`);
  for (const verdict of verdicts) {
    if (verdict.result === 'holds') continue;
    const { result, net, rule, sentence } = verdict;
    lines.push('', `${words[result]}  ${net}: ${rule}`, `  ${whereOf(verdict)}`, `  ${sentence}`);
  }
  const { strength } = report;
  if (strength) lines.push('', strengthTable(strength), '', ...describeOpen(strength), describeStrength(strength));
  return `${lines.join('\n')}\n\n${report.used}\n${describeCoverage(report)}\n${describeReport(report)}\n`;
}
