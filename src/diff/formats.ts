import type { Annotation } from '../report/github.ts';
import { cell, table } from '../report/page.ts';
import { annotationFormats } from '../report/sarif.ts';
import type { DiffReport } from './impact.ts';
import { coloured, colourOf, fitted, printable, printableJson } from '../util/terminal.ts';

type Entry = DiffReport['changes'][number];

export function text({ before, after, changes, advice }: DiffReport): string {
  const shown = changes.map((change) => {
    const head = `${change.severity}  ${change.rule}  ${whereOf(change)}`.trimEnd();
    const rest = [change.sentence, ...impactLines(change)].flatMap((line) =>
      fitted(line.trimStart(), '    ', line.startsWith(' ') ? '    ' : '  '),
    );
    return coloured(colourOf(change.severity), printable(fitted(head, '  ', ''))) + printable([...rest, '']);
  });
  return shown.join('') + printable(fitted(`${before} to ${after}: ${summaryOf(changes, advice)}`, '  ', ''));
}

export function markdown({ before, after, changes, advice }: DiffReport): string {
  const rows = changes.map((change) => {
    const { severity, rule, sentence, impact } = change;
    return [severity, rule, cell(whereOf(change)), cell(sentence), impact?.verdict ?? ''];
  });
  const touched = [...new Set(changes.flatMap(({ impact }) => impact?.interactions ?? []))];
  return [
    `# ${cell(before)} to ${cell(after)}`,
    '',
    summaryOf(changes, advice),
    '',
    ...(rows.length > 0 ? [...table(['', 'rule', 'where', 'what', ''], rows), ''] : []),
    ...(touched.length > 0 ? ['Interactions that break:', '', ...touched.map((each) => `- ${cell(each)}`), ''] : []),
  ].join('\n');
}

/** `file:line` of a JSON pointer into the new document. */
type Locate = (pointer: string) => string | undefined;

const levels = { breaking: 'error', undecided: 'warning', 'non-breaking': 'notice' } as const;

/** An error for each change that breaks, as the exit code has it, and a warning for one that may. */
export function changeAnnotations({ changes }: DiffReport, locate: Locate): Annotation[] {
  return changes.map((change) => {
    const { severity, rule, pointer = '' } = change;
    const level = levels[severity];
    const head = [severity, whereOf(change)].filter((each) => each).join(', ');
    const who = impactLines(change).map((each) => each.trim());
    const told = who.length > 0 ? ` This ${who.join('; ')}.` : '';
    return { level, rule, message: `${head}: ${change.sentence}${told}`, where: locate(pointer) };
  });
}

export function json(report: DiffReport): string {
  return printableJson(report);
}

/** By the ending of a file's name. */
export const diffFormats: Readonly<Record<string, (report: DiffReport, locate: Locate) => string>> = {
  '.json': json,
  '.md': markdown,
  ...annotationFormats('arzamed diff', changeAnnotations),
};

function whereOf({ operation = '', part, status, place }: Entry): string {
  return [operation, part === 'request' ? 'request' : status, place].filter((each) => each).join(' ');
}

function impactLines({ impact }: Entry): string[] {
  if (!impact) return [];
  const methods = impact.methods.length > 0 ? ` (method ${impact.methods.join(', ')})` : '';
  const verdict = impact.verdict === 'unknown' ? 'unknown: no contract' : impact.verdict;
  return [`${verdict}${methods}`, ...impact.interactions.map((each) => `  ${each}`)];
}

function summaryOf(changes: readonly Entry[], advice: DiffReport['advice']): string {
  const count = (wanted: Entry['severity']): number => changes.filter(({ severity }) => severity === wanted).length;
  const undecided = count('undecided') > 0;
  const open = undecided && advice !== 'major' ? ', if what cannot be decided breaks nothing' : '';
  const next = advice === 'none' ? 'nothing has changed' : `the next version is a ${advice} one${open}`;
  const middle = undecided ? `${count('undecided')} undecided, ` : '';
  return `${count('breaking')} breaking, ${middle}${count('non-breaking')} non-breaking; ${next}.`;
}
