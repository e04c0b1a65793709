import { html } from './html.ts';
import { markdown } from './markdown.ts';
import type { Summary } from '../../intercept/report.ts';

/** By the ending of a file's name. */
export const formats: Readonly<Record<string, (summary: Summary) => string>> = {
  '.json': (summary) => `${JSON.stringify(summary, undefined, 2)}\n`,
  '.md': markdown,
  '.html': html,
};
