import type { Results } from '../harness/results.ts';
import { isReached, type Growth, type Ratio, type Table } from '../harness/section.ts';
import { number, quotient, targetOf } from './format.ts';

/** A plot of a section, and the file that holds it, relative to the report. */
export interface Plot {
  title: string;
  file: string;
}

/** RESULTS.md. */
export function markdown({ versions, sections }: Results, plots: Record<string, Plot[]>): string {
  return [
    '# Results',
    '`npm run bench` writes this file. What is beside a figure was measured in the same run, in turns; a ratio is that of two medians. Each section can be measured by itself, and says when and where it was. Figures of other machines differ, ratios less so.',
    `Node ${versions['node']}.`,
    '## At a glance',
    glance({ sections }),
    ...Object.entries(sections).map(([name, section]) => one(section, plots[name] ?? [])),
    '## Versions',
    rows(
      ['package', 'version'],
      Object.entries(versions).map(([name, version]) => [name, version]),
    ),
  ].join('\n\n');
}

/** All that has a target, in one table. */
function glance({ sections }: Pick<Results, 'sections'>): string {
  return ratioTable(Object.values(sections).flatMap(({ ratios }) => ratios.filter(({ target }) => target)));
}

/** A load that disturbs nothing. */
const quiet = 0.5;

function one(
  { title, about, machine, measured, tables, growths, ratios }: Results['sections'][string],
  plots: readonly Plot[],
): string {
  const { processor, cores, memory, system, load = 0 } = machine;
  const busy = load < quiet ? '' : ` The machine was not quiet: its load was ${number(load)} when this began.`;
  return [
    `## ${title}`,
    `${about.replaceAll(/\s+/g, ' ')} Measured on ${measured}: ${processor}, ${cores} cores, ${memory} GiB, ${system}.${busy}`,
    ratioTable(ratios),
    ...plots.map((plot) => `![${plot.title}](${plot.file})`),
    ...tables.map(figureTable),
    ...[...new Set(growths.map(({ of }) => of))].map((of) => growthTable(growths.filter((each) => each.of === of))),
  ].join('\n\n');
}

export function ratioTable(ratios: readonly Ratio[]): string {
  const cells = ratios.map((each) => {
    const reached = isReached(each);
    return [each.title, quotient(each.value), targetOf(each), reached === undefined ? '' : reached ? 'yes' : '**no**'];
  });
  return rows(['what', 'value', 'target', 'reached'], cells);
}

function figureTable({ title, unit, figures }: Table): string {
  const cells = figures.map(({ who, minimum, median, maximum, samples }) => [
    who,
    ...[median, minimum, maximum, samples].map(number),
  ]);
  return rows([`${title}, ${unit}`, 'median', 'minimum', 'maximum', 'times'], cells);
}

/** The medians of all that changes while the same thing grows. */
function growthTable(growths: readonly Growth[]): string {
  const columns = growths.flatMap(({ title, unit, lines }) => lines.map((line) => ({ title, unit, ...line })));
  const sizes = [...new Set(columns.flatMap(({ points }) => points.map(({ at }) => at)))].toSorted((a, b) => a - b);
  const cells = sizes.map((size) => {
    const medians = columns.map(({ points }) => points.find(({ at }) => at === size)?.median);
    return [number(size), ...medians.map((median) => (median === undefined ? '' : number(median)))];
  });
  const isAlone = new Set(columns.map(({ who }) => who)).size === 1;
  const heads = columns.map(({ who, title, unit }) => {
    const what = unit === 'per second' ? title : `${title}, ${unit}`;
    return isAlone ? what : `${who}: ${what}`;
  });
  return rows([growths[0]?.of ?? '', ...heads], cells);
}

function rows(head: readonly string[], cells: readonly (readonly string[])[]): string {
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'));
  return [head, rule, ...cells].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
