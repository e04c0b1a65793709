import { styleText } from 'node:util';

/** What a terminal acts on, or what changes the order or the number of lines. */
const hidden = /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/gu;

const short: Readonly<Record<string, string>> = { '\n': String.raw`\n`, '\r': String.raw`\r`, '\t': String.raw`\t` };

/** A text from a document, a contract or a request, as one line: control characters are written out. */
export function visible(text: string): string {
  return text.replaceAll(
    hidden,
    (character) => short[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * Lines for a terminal or a log. None can act on a terminal, pose as several lines, or be a command of GitHub Actions or
 * Azure Pipelines, which read `::` and `##` at the beginning of a line.
 */
export function printable(lines: readonly string[]): string {
  return lines.map((line) => `${inert(visible(line).replace(/^(\s*)(?=::|##)/, String.raw`$1\ `))}\n`).join('');
}

/** A text without the older commands `##[…]` and `##vso[…]` of the two, which they read anywhere in a line. */
export function inert(text: string): string {
  return text.replaceAll(/##(?=(?:vso)?\[)/g, String.raw`##\ `);
}

export type Colour = 'red' | 'yellow' | 'green' | 'cyan' | 'dim' | 'bold';

/** A text that was made visible in a colour, where stdout is a terminal and the environment has no NO_COLOR. */
export function coloured(colour: Colour | undefined, text: string): string {
  return colour === undefined || text === '' ? text : styleText(colour, text, { stream: process.stdout });
}

/** The colour of what is an error, a warning, a success, or none of these. */
export function colourOf(status: number | string | undefined): Colour | undefined {
  if (
    status === 'error' ||
    status === 'breaking' ||
    status === 'broken' ||
    status === 'no answer' ||
    Number(status) >= 400
  )
    return 'red';
  if (status === 'warn' || status === 'undecided' || Number(status) >= 300) return 'yellow';
  return Number(status) >= 200 ? 'green' : undefined;
}

/** The columns of the terminal, or of a log. */
export function columns(): number {
  const given = process.stdout.isTTY ? process.stdout.columns : Number(process.env['COLUMNS']);
  return Number.isInteger(given) && given >= 40 ? given : 80;
}

/** A text in lines of so many columns as the terminal has, each indented; what has no space in it stays whole. */
export function wrapped(text: string, indent: string, first = indent): string[] {
  const lines: string[] = [];
  let line = first;
  for (const word of text.split(' ')) {
    const isEmpty = line === first || line === indent;
    if (!isEmpty && line.length + 1 + word.length > columns()) {
      lines.push(line);
      line = indent + word;
    } else line += line.trim() === '' || line === first ? word : ` ${word}`;
  }
  return [...lines, line];
}

/** The same for a terminal; a log, which programs read, gets it as one line. */
export function fitted(text: string, indent: string, first = indent): string[] {
  return process.stdout.isTTY ? wrapped(text, indent, first) : [first + text];
}

/** Shows the step of long work on a terminal, or clears it; nothing where stderr is no terminal. */
export function showStep(step?: string): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(`\r\u001B[2K${step === undefined ? '' : `${visible(step)} …`}`);
}

/** JSON for people and programs, without what a terminal or a log acts on: JSON itself only escapes a part of it. */
export function printableJson(value: unknown): string {
  const text = JSON.stringify(value, undefined, 2)
    .replaceAll('##', String.raw`#\u0023`)
    .split('\n')
    .map(visible);
  return `${text.join('\n')}\n`;
}

/** `1 call`, `2 calls` */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
