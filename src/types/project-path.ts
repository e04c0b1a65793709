import { isAbsolute, parse, relative, resolve, sep } from 'node:path';

/**
 * A file's name as it stands in generated files, the same on every machine that runs the command in the same folder of a
 * project: relative, with slashes. Where the way leads through the root of the file system, the name alone.
 */
export function projectPath(file: string): string {
  const whole = resolve(file);
  const path = relative(process.cwd(), whole);
  const shared = commonFolder(process.cwd(), whole);
  const known = isAbsolute(path) || shared === parse(whole).root ? parse(whole).base : path;
  return known.split(sep).join('/');
}

/** One word of a shell command. Characters that would end the comment that it stands in become question marks. */
export function shellWord(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\u2028\u2029`]/gu, '?');
  return /^[\w./@:=+,-]+$/.test(line) ? line : `'${line.replaceAll("'", String.raw`'\''`)}'`;
}

function commonFolder(one: string, other: string): string {
  const [first, second] = [one.split(sep), other.split(sep)];
  const index = first.findIndex((step, at) => step !== second[at]);
  return (index === -1 ? first : first.slice(0, index)).join(sep) || sep;
}
