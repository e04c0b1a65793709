import { extname } from 'node:path';
import { displayPath } from '../../spec/display-path.ts';
import { Problem } from '../../spec/problem.ts';
import { html } from './html.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import type { Report } from './matrix.ts';

type Render = (report: Report) => string;

/** One document, for programs. */
export const json: Render = (report) => `${JSON.stringify(report, undefined, 2)}\n`;

const formats: Readonly<Record<string, Render>> = { '.json': json, '.xml': junit, '.md': markdown, '.html': html };

/**
 * How a report is written into a file of this name.
 * @throws Problem if the name's ending says no format.
 */
export function formatOf(file: string): Render {
  const format = formats[extname(file).toLowerCase()];
  if (format) return format;
  throw new Problem({
    code: 'option_invalid',
    what: 'A report is written in the format that its name ends with.',
    where: displayPath(file),
    facts: { expected: `${Object.keys(formats).join(', ')} (.xml is JUnit's)` },
    remedy: 'Give it such a name.',
  });
}
