import { basename, dirname, isAbsolute, parse, relative, resolve, sep } from 'node:path';
import { readSpecFiles } from '../openapi/load/load.ts';
import { readOperations } from '../openapi/operations.ts';
import { Problem } from '../util/errors.ts';
import { displayPath } from '../util/files.ts';
import { header } from './header.ts';
import { writeOperationTable } from './operation-table.ts';
import { writeTypes } from './typescript.ts';

/**
 * Generates the types and the operation table of a specification, deterministically.
 * @param spec an OpenAPI 3.0 or 3.1 file.
 * @param command generates the files again.
 * @returns the name of each file with its text.
 * @throws Problem if the specification cannot be used.
 */
export async function generate(spec: string, command: string): Promise<Record<'types.ts' | 'operations.ts', string>> {
  const name = displayPath(spec);
  const { document, sha256, locate } = await readSpecFiles(spec, { kept: 'components', remote: 'refused' });
  const { text, warnings } = await writeTypes(document, name, locate);
  if (warnings.length > 0) {
    const [what, remedy] = ['A schema has no type.', 'Change it in the specification.'];
    throw new Problem({ code: 'types_impossible', what, facts: { reason: warnings.join('\n') }, remedy });
  }
  const top = header({ command, name, sha256 });
  return {
    'types.ts': top + text,
    'operations.ts': top + writeOperationTable({ document, operations: readOperations(document) }),
  };
}

interface ProjectOptions {
  /** `name` stands for a specification without a path in the project. */
  spec: { file: string; name?: string };
  out?: string | undefined;
  /** Whether to follow references to other hosts. */
  allowRemote: boolean;
}

export interface ProjectFiles {
  folder: string;
  /** Name of a file in the folder to its text. */
  files: Record<string, string>;
  /** Generates the files again. */
  command: string;
  /** What is odd in the specification, or has no type: a sentence each, after its place. */
  warnings: string[];
}

/**
 * Generates the types of a specification for a user's project.
 * @throws Problem if the specification cannot be used.
 */
export async function generateForProject({ spec, out, allowRemote }: ProjectOptions): Promise<ProjectFiles> {
  const { document, sha256, warnings, locate } = await readSpecFiles(spec.file, {
    kept: 'components',
    remote: allowRemote ? 'allowed' : { remedy: 'Keep what it points to in a file, or allow it with --allow-remote.' },
  });
  const command = [
    'npx arzamed types',
    ...(spec.name === undefined ? ['--spec', shellWord(projectPath(spec.file))] : []),
    ...(out === undefined ? [] : ['--out', shellWord(projectPath(out))]),
    ...(allowRemote ? ['--allow-remote'] : []),
  ].join(' ');
  const top = header({ command, name: spec.name ?? shellWord(projectPath(spec.file)), sha256 });
  const path = resolve(out ?? 'types.ts');
  const written = await writeTypes(document, spec.name ?? displayPath(spec.file), locate);
  return {
    folder: dirname(path),
    files: { [basename(path)]: top + written.text },
    command,
    warnings: [...warnings, ...written.warnings],
  };
}

/**
 * A path for generated files that is the same on every machine: relative to the working directory, with slashes; only the
 * file's name if the relative path would pass through the root of the file system.
 */
function projectPath(file: string): string {
  const whole = resolve(file);
  const path = relative(process.cwd(), whole);
  const shared = commonFolder(process.cwd(), whole);
  const known = isAbsolute(path) || shared === parse(whole).root ? parse(whole).base : path;
  return known.split(sep).join('/');
}

/** One word of a shell command in a comment. Characters that would end the comment become question marks. */
function shellWord(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\u2028\u2029`]/gu, '?');
  return /^[\w./@:=+,-]+$/.test(line) ? line : `'${line.replaceAll("'", String.raw`'\''`)}'`;
}

function commonFolder(one: string, other: string): string {
  const [first, second] = [one.split(sep), other.split(sep)];
  const index = first.findIndex((step, at) => step !== second[at]);
  return (index === -1 ? first : first.slice(0, index)).join(sep) || sep;
}
