import { describeOpen, describeStrength, strengthTable } from '../mutation/summary.ts';
import type { VerdictResult, Verdict } from '../verdict.ts';
import { html } from './html.ts';
import { countResults, describeCoverage, describeReport, matrixOf, netsOf, placeOf, type Report } from './report.ts';

/** For CI that shows JUnit's XML: a test case for each verdict. What is not verifiable was skipped. */
function junit({ verdicts, milliseconds }: Report): string {
  const { broken, unanswered, 'not verifiable': skipped } = countResults(verdicts);
  const counts = `tests="${verdicts.length}" failures="${broken}" errors="${unanswered}" skipped="${skipped}"`;
  const seconds = (milliseconds / 1000).toFixed(3);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts} time="${seconds}">`,
    `<testsuite name="arzamed verify" ${counts} time="${seconds}">`,
    ...verdicts.map(testCase),
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(verdict: Verdict): string {
  const { net, rule, result, contract = 'specification', sentence } = verdict;
  const head = `<testcase classname="${text(`${net}.${contract}`)}" name="${text(`${placeOf(verdict)}: ${rule}`)}"`;
  if (result === 'holds') return `${head}/>`;
  const tag = result === 'broken' ? 'failure' : result === 'unanswered' ? 'error' : 'skipped';
  return `${head}><${tag} message="${text(sentence)}"/></testcase>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** A text as XML may hold it: control characters, which it must not have, become question marks. */
function text(value: string): string {
  return value
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')
    .replaceAll(/[\p{Cc}\uFFFE\uFFFF]/gu, '?');
}

const signs: Readonly<Record<VerdictResult, string>> = {
  holds: 'holds',
  broken: '**broken**',
  unanswered: '**no answer**',
  'not verifiable': 'not verifiable',
};

/** For the summary of a CI run. */
function markdown(report: Report): string {
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

type Render = (report: Report) => string;

/** One document, for programs. */
export const json: Render = (report) => `${JSON.stringify(report, undefined, 2)}\n`;

/** By the ending of a file's name; `.xml` is JUnit's. */
export const formats: Readonly<Record<string, Render>> = {
  '.json': json,
  '.xml': junit,
  '.md': markdown,
  '.html': html,
};

const words: Readonly<Record<VerdictResult, string>> = {
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
