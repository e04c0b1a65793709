import { existsSync, statSync } from 'node:fs';
import { appendFile, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { Problem } from '../util/errors.ts';
import { reasonOf } from '../util/files.ts';
import { counted, printable, visible } from '../util/terminal.ts';
import { cell } from './page.ts';

/** What a check found, as code hosts show it beside the file. */
export interface Annotation {
  level: (typeof levels)[number];
  /** The same word for the same kind of finding: `status-removed`. */
  rule: string;
  message: string;
  /** `file`, `file:line` or `file:line:column`, from the working directory. */
  where?: string | undefined;
}

const levels = ['error', 'warning', 'notice'] as const;

/** GitHub shows no more of a level in a step. */
const most = 10;

/** Bytes that GitHub takes as the summary of a step. */
const longestSummary = 1024 * 1024;

/**
 * Reports to GitHub Actions: annotations in the log, and a page in the summary of the step, if there is one.
 * @param tool such as `arzamed verify`.
 * @param page as Markdown.
 */
export async function reportToGithub(
  tool: string,
  annotations: readonly Annotation[],
  page: string,
  log: NodeJS.WritableStream = process.stdout,
): Promise<void> {
  log.write(workflowCommands(tool, annotations));
  const file = process.env['GITHUB_STEP_SUMMARY'];
  if (!file) return;
  try {
    const { size } = await stat(file).catch(() => ({ size: 0 }));
    await appendFile(file, shortened(page, longestSummary - size));
  } catch (error) {
    process.stderr.write(printable([`arzamed: The step summary cannot be written: ${reasonOf(error)}.`]));
  }
}

/** Reports why a command could not do its work, at the file that the error names. @param text what is printed of it. */
export async function reportProblem(command: string, error: unknown, text: string): Promise<void> {
  const { code, where = '' } = error instanceof Problem ? error : { code: 'defect' };
  // Other errors name an option, a URL or an address.
  const isFile = code === 'generated_drift' || existsSync(where.replace(/(?::\d+){1,2}$/, ''));
  const message = text.replaceAll(/\s+/g, ' ');
  const found = { level: 'error', rule: code, message, where: isFile ? where : undefined } as const;
  const log = command === 'exec' ? process.stderr : process.stdout;
  await reportToGithub(`arzamed ${command}`, [found], `# arzamed ${command}\n\n${cell(message)}\n`, log);
}

/** Annotations as a group of workflow commands, with how many there are. */
export function workflowCommands(tool: string, annotations: readonly Annotation[]): string {
  const byLevel = levels.map((level) => annotations.filter((each) => each.level === level));
  const count = (all: readonly number[]): string =>
    all.flatMap((number, index) => (number > 0 ? [counted(number, levels[index] ?? '')] : [])).join(', ');
  const sum = count(byLevel.map(({ length }) => length));
  if (sum === '') return `${tool}: nothing to annotate\n`;
  const more = count(byLevel.map(({ length }) => Math.max(0, length - most)));
  return [
    `::group::${data(`${tool}: ${sum}`)}`,
    ...byLevel.flatMap((all) => all.slice(0, most)).map((each) => command(tool, each)),
    ...(more === '' ? [] : [`Not annotated, since GitHub shows ${most} of each: ${more}`]),
    '::endgroup::',
    '',
  ].join('\n');
}

function command(tool: string, { level, rule, message, where }: Annotation): string {
  const place = placeOf(where);
  const at = place ? `file=${property(place.file)},line=${place.line},` : '';
  const text = place || where === undefined ? message : `${where}: ${message}`;
  return `::${level} ${at}title=${property(`${tool}: ${rule}`)}::${data(text)}`;
}

/** Line ends are visible, and need no escape. */
function data(text: string): string {
  return visible(text).replaceAll('%', '%25');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** A file by its path in the repository, and a line of it; undefined outside the repository. */
export function placeOf(where = ''): { file: string; line: number } | undefined {
  const [, path = '', line = '1'] = /^(.+?)(?::(\d+))?(?::\d+)?$/s.exec(where) ?? [];
  const roots = [process.env['GITHUB_WORKSPACE'], process.env['CI_PROJECT_DIR']];
  const root = roots.find((each) => each && inside(each, '.') !== undefined) ?? '.';
  const file = path === '' ? undefined : inside(root, path);
  return file === undefined ? undefined : { file, line: Number(line) };
}

/** The file of the repository that a command runs: the program itself, or what an interpreter is to read. */
export function programFile(command: readonly string[]): string | undefined {
  return command.find((word) => existsSync(word) && statSync(word).isFile() && placeOf(word) !== undefined);
}

function inside(folder: string, path: string): string | undefined {
  const way = relative(resolve(folder), resolve(path));
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way) ? undefined : way.split(sep).join('/');
}

/** The lines of a page that fit so many bytes. */
function shortened(page: string, bytes: number): string {
  if (Buffer.byteLength(page) <= bytes) return page;
  const note = '\nThe rest is too long for the summary of a step.\n';
  const kept = Buffer.from(page)
    .subarray(0, Math.max(0, bytes - note.length))
    .toString();
  const end = kept.lastIndexOf('\n');
  return end > 0 ? kept.slice(0, end + 1) + note : '';
}
