import type { Results } from '../harness/results.ts';
import { glance } from './markdown.ts';

const begin = '<!-- measured: written by `npm run bench` -->';
const end = '<!-- end of what was measured -->';

/** The README with the main table of the results. */
export function withMeasured(readme: string, results: Results): string {
  const [before, rest = ''] = readme.split(begin);
  const [, after] = rest.split(end);
  if (before === undefined || after === undefined) throw new Error(`The README has no place for ${begin}.`);
  return [before, begin, '\n\n', glance(results), '\n\n', end, after].join('');
}
