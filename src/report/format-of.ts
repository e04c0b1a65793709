import { extname } from 'node:path';
import { displayPath } from '../spec/display-path.ts';
import { Problem } from '../util/errors.ts';

/**
 * How a report is written into a file of this name.
 * @param formats by the ending of the name: `.html`.
 * @throws Problem if the name's ending says no format.
 */
export function formatOf<Render>(file: string, formats: Readonly<Record<string, Render>>): Render {
  const format = formats[extname(file).toLowerCase()];
  if (format !== undefined) return format;
  throw new Problem({
    code: 'option_invalid',
    what: 'A report is written in the format that its name ends with.',
    where: displayPath(file),
    facts: { expected: Object.keys(formats).join(', ') },
    remedy: 'Give it such a name.',
  });
}
