import { basename, dirname, extname, join, resolve } from 'node:path';
import { Problem } from '../util/errors.ts';
import { displayPath, writeFiles } from '../util/files.ts';
import { printable, visible } from '../util/terminal.ts';

const baseStyle = `
:root { color-scheme: light dark; --ground: #fff; --ink: #1b1f24; --faint: #6a737d; --line: #d8dee4; }
@media (prefers-color-scheme: dark) { :root { --ground: #15181c; --ink: #e6e9ed; --faint: #9aa4af; --line: #323a43; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.6rem; } h2 { margin-top: 2.5rem; font-size: 1.2rem; } h3 { margin: 0; font-size: 1rem; }
small { color: var(--faint); font-weight: normal; }
article { margin: 0 0 1rem; padding: .8rem 1rem; border-left: 5px solid var(--line); background: color-mix(in srgb, var(--line) 25%, transparent); }
article p { margin: .4rem 0 0; overflow-wrap: anywhere; }
table { width: 100%; } th, td { text-align: left; } thead th { color: var(--faint); font-weight: normal; }
`;

/**
 * A self-contained HTML page without scripts.
 * @param title as text.
 * @param content as HTML.
 */
export function page({ title, style, content }: { title: string; style: string; content: readonly string[] }): string {
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title><style>${baseStyle}${style}</style></head><body><main>`,
    `<h1>${escapeHtml(title)}</h1>`,
    ...content,
    '</main></body></html>',
    '',
  ].join('\n');
}

/** A part of a page. @param content as HTML; without any there is no section. */
export function section(title: string, content: string): string {
  return content === '' ? '' : `<section><h2>${escapeHtml(title)}</h2>${content}</section>`;
}

/**
 * A highlighted paragraph.
 * @param kind the class that gives it its colour.
 * @param heading as HTML.
 * @param paragraphs as HTML.
 */
export function article(kind: string, heading: string, ...paragraphs: readonly string[]): string {
  const rest = paragraphs.map((each) => `<p>${each}</p>`).join('');
  return `<article class="${kind}"><h3>${heading}</h3>${rest}</article>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(value: string): string {
  return visible(value).replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** A text escaped for a cell or line of Markdown; in a table of calculations it is no formula either. */
export function cell(text: string): string {
  const line = visible(text.replaceAll(/\s+/g, ' '));
  return line.replaceAll(/[\\`*_{}[\]<>()#|~]|^[=+@-]/g, String.raw`\$&`);
}

/**
 * The lines of a table in Markdown.
 * @param columns their titles, as Markdown.
 * @param rows their cells, as Markdown.
 * @param numbers the columns whose cells stand to the right.
 */
export function table(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: readonly string[] = [],
): string[] {
  const line = (cells: readonly string[]): string => `|${cells.map((each) => `${` ${each}`.trimEnd()} |`).join('')}`;
  return [line(columns), line(columns.map((name) => (numbers.includes(name) ? '---:' : '---'))), ...rows.map(line)];
}

/**
 * What writes a report into each of these files, in the format of its name.
 * @param formats by the ending of a name: `.html`.
 * @param more other files that a report comes with, by their names.
 * @throws Problem if an ending is unknown, before there is a report.
 */
export function reportWriter<Told extends unknown[]>(
  files: readonly string[] = [],
  formats: Readonly<Record<string, (...told: Told) => string>>,
  {
    say = (line: string): unknown => process.stderr.write(printable([line])),
    more = (_name: string, _text: string): Record<string, string> => ({}),
  } = {},
): (...told: Told) => Promise<void> {
  const all = files.map((file) => ({ file, format: formatOf(file, formats) }));
  return async (...told) => {
    for (const { file, format } of all) {
      const [name, text] = [basename(file), format(...told)];
      const others = more(name, text);
      await writeFiles(dirname(resolve(file)), { [name]: text, ...others });
      const beside = Object.keys(others).map((each) => join(dirname(file), each));
      say(`Wrote ${[file, ...beside].map(displayPath).join(' and ')}`);
    }
  };
}

function formatOf<Render>(file: string, formats: Readonly<Record<string, Render>>): Render {
  const format = formats[extname(file).toLowerCase()];
  if (format !== undefined) return format;
  throw new Problem({
    code: 'option_invalid',
    what: 'Unknown report format.',
    where: displayPath(file),
    facts: { expected: Object.keys(formats).join(', ') },
    remedy: 'Give the file such an ending.',
  });
}
