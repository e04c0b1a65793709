import { html } from './html.ts';
import { junit } from '../../contract/report/junit.ts';
import { markdown } from '../../contract/report/markdown.ts';
import type { Report } from './report.ts';

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
