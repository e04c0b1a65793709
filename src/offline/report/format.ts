import { extname } from 'node:path';
import { displayPath } from '../../spec/display-path.ts';
import { Problem } from '../../spec/problem.ts';
import { html } from './html.ts';
import { markdown } from './markdown.ts';
import type { Summary } from './summary.ts';

type Render = (summary: Summary) => string;

const formats: Readonly<Record<string, Render>> = {
  '.json': (summary) => `${JSON.stringify(summary, undefined, 2)}\n`,
  '.md': markdown,
  '.html': html,
};

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
    facts: { expected: Object.keys(formats).join(', ') },
    remedy: 'Give it such a name.',
  });
}
