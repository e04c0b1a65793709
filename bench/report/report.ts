import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatted } from '../../scripts/format.ts';
import { root } from '../harness/environment.ts';
import type { Results } from '../harness/results.ts';
import { titleOf, type Section } from '../harness/section.ts';
import { bars } from './bars.ts';
import { lines } from './lines.ts';
import { markdown, type Plot } from './markdown.ts';
import { comparedFigures, withMeasured } from './readme.ts';
import { storeFigures } from './scale.ts';

const folder = join(root, 'bench');

/** Writes RESULTS.md and its plots. */
export async function writeReport(results: Results): Promise<void> {
  const files = await drawReport(results);
  await rm(join(folder, 'plots'), { recursive: true, force: true });
  await mkdir(join(folder, 'plots'), { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
  for (const [page, text] of Object.entries(await drawPages(results))) await writeFile(join(root, page), text);
}

/** RESULTS.md and its plots: name in the folder to text, all from the results alone. */
export async function drawReport(results: Results): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const plots: Record<string, Plot[]> = {};
  for (const [name, section] of Object.entries(results.sections)) {
    const drawn = draw(section).map((each) => ({ ...each, file: `plots/${name}-${slug(each.title)}.svg` }));
    for (const { file, svg } of drawn) files[file] = svg;
    plots[name] = drawn;
  }
  const path = join(folder, 'RESULTS.md');
  return { ...files, 'RESULTS.md': await formatted(path, markdown(results, plots)) };
}

/** The pages that show figures of the results: path to text. */
export async function drawPages(results: Results): Promise<Record<string, string>> {
  const figures = { 'README.md': comparedFigures(results), 'docs/scale.md': storeFigures(results) };
  const drawn = Object.entries(figures).map(async ([page, text]) => {
    const path = join(root, page);
    return [page, await formatted(path, withMeasured(await readFile(path, 'utf8'), text))] as const;
  });
  return Object.fromEntries(await Promise.all(drawn));
}

function draw({ tables, growths }: Section): { title: string; svg: string }[] {
  return [
    ...tables.filter(({ plotted }) => plotted).map((table) => ({ title: table.title, svg: bars(table) })),
    ...growths.map((growth) => ({ title: titleOf(growth), svg: lines(growth) })),
  ];
}

function slug(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}
