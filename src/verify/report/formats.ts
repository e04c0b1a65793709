import type { Annotation } from '../../report/github.ts';
import { junit, type TestCase } from '../../report/junit.ts';
import { cell, table } from '../../report/page.ts';
import { annotationFormats } from '../../report/sarif.ts';
import { describeOpen, describeStrength, strengthTable } from '../mutation/summary.ts';
import type { Verdict } from '../verdict.ts';
import { html } from './html.ts';
import {
  causesOf,
  checksOf,
  describeCoverage,
  describeReport,
  describeRun,
  legendOf,
  matrixOf,
  remedies,
  whereOf,
  type Report,
} from './report.ts';
import {
  colourOf,
  coloured,
  columns as columnsOfTerminal,
  fitted,
  printable,
  printableJson,
  wrapped,
} from '../../util/terminal.ts';

/** What is not verifiable counts as skipped. */
function testCase(verdict: Verdict): TestCase {
  const { net, rule, result, contract = 'specification', sentence, milliseconds = 0 } = verdict;
  const head = { className: `${net}.${contract}`, name: `${whereOf(verdict)}: ${rule}`, milliseconds };
  if (result === 'holds') return head;
  const kind = result === 'broken' ? 'failure' : result === 'unanswered' ? 'error' : 'skipped';
  return { ...head, trouble: { kind, message: sentence, details: `${rule} at ${whereOf(verdict)}` } };
}

/** Bold, where something is to be done. */
function sign(word: string): string {
  return word === 'broken' || word === 'no answer' ? `**${word}**` : word;
}

export function verifyMarkdown(report: Report): string {
  const { verdicts } = report;
  const columns = checksOf(verdicts);
  const rows = matrixOf(verdicts).map(({ name, cells }) => [
    cell(name),
    ...columns.map((column) => (cells[column] ? sign(cells[column].word) : '')),
  ]);
  const lines = ['# Contracts', '', cell(describeReport(report)), ''];
  const causes = causesOf(verdicts);
  if (causes.length > 0) lines.push('## What does not hold', '');
  for (const { word, net, rule, sentence, places, remedy } of causes) {
    lines.push(`- ${sign(word)} (${net}, ${cell(rule)}) ${cell(sentence)}`);
    lines.push(...places.map((place) => `  - ${cell(place)}`));
    if (word === 'broken') lines.push(`  - ${cell(remedy)}`);
  }
  if (causes.length > 0) lines.push('');
  lines.push('## Who says what', '', ...table(['', ...columns], rows), '');
  lines.push(...legendOf(verdicts).map(([word, meaning]) => `- ${word}: ${cell(meaning)}`), '');
  lines.push(cell(report.used), '', cell(describeCoverage(report)), '', cell(describeRun(report)));
  const { strength } = report;
  if (strength) {
    lines.push('', '## How strong the contracts are', '', cell(describeStrength(strength)), '');
    lines.push(...describeOpen(strength).map((each) => `- ${cell(each)}`));
  }
  return `${lines.join('\n')}\n`;
}

/** `file:line` of what a verdict is about. */
export type Locate = (verdict: Verdict) => string | undefined;

/** What does not hold is an error; what could not be tried, or does not count, is a notice. */
export function verdictAnnotations({ verdicts }: Report, locate: Locate = () => undefined): Annotation[] {
  return verdicts.flatMap((verdict) => {
    const { net, rule, result, sentence } = verdict;
    if (result === 'holds') return [];
    const todo = result === 'broken' ? ` ${remedies[net]}` : '';
    const message = `${whereOf(verdict)}: ${sentence}${todo}`;
    const level = result === 'not verifiable' ? 'notice' : 'error';
    return [{ level, rule: `${net}: ${rule}`, message, where: locate(verdict) }];
  });
}

type Render = (report: Report, locate?: Locate) => string;

export const jsonReport: Render = (report) => printableJson(report);

/** By the ending of a file's name; `.xml` is JUnit's. */
export const verifyFormats: Readonly<Record<string, Render>> = {
  '.json': jsonReport,
  '.xml': ({ verdicts, milliseconds, run }) =>
    junit({ name: 'arzamed verify', milliseconds, date: run.date, cases: verdicts.map(testCase) }),
  '.md': verifyMarkdown,
  ...annotationFormats('arzamed verify', verdictAnnotations),
  '.html': html,
};

/** For people: what does not hold, then a table with a row for each interaction and operation and a column for each check. */
export function terminal(report: Report): string {
  const { verdicts } = report;
  const columns = checksOf(verdicts);
  const rows = matrixOf(verdicts);
  const shown = (word: string | undefined): string => (word === 'broken' ? 'BROKEN' : (word ?? ''));
  const width = Math.max(
    12,
    ...rows.flatMap(({ cells }) => columns.map((check) => (cells[check]?.word ?? '').length + 2)),
  );
  const failures = causesOf(verdicts).map(({ word, net, rule, sentence, places, remedy }) => {
    const rest = [...places.flatMap((place) => fitted(place, '    ', '  ')), ...fitted(sentence, '  ')];
    const todo = word === 'broken' ? fitted(remedy, '  ') : [];
    return coloured(colourOf(word), printable([`${shown(word)}  ${net}: ${rule}`])) + printable([...rest, ...todo, '']);
  });
  // The names of rows stand behind the table where they have place, otherwise on lines of their own.
  const margin = 2 + columns.length * width;
  const isNarrow = process.stdout.isTTY && columnsOfTerminal() < margin + 60;
  const lines = [`  ${columns.map((check) => check.padEnd(width)).join('')}`];
  let group: string | undefined;
  for (const row of rows) {
    if (row.group !== group) lines.push('', row.group);
    group = row.group;
    const cells = columns.map((check) => shown(row.cells[check]?.word).padEnd(width)).join('');
    if (isNarrow) lines.push(...wrapped(row.name, '  '), `  ${cells}`.trimEnd());
    else lines.push(`  ${cells}${row.name}`);
  }
  const { strength } = report;
  if (strength) {
    lines.push('', ...strengthTable(strength).split('\n'), '', ...describeOpen(strength), describeStrength(strength));
  }
  const ends = [report.used, describeCoverage(report), describeReport(report)].flatMap((each) =>
    fitted(each, '  ', ''),
  );
  return failures.join('') + printable([...lines, '', ...ends]);
}
