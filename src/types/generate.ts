import { basename, dirname, isAbsolute, parse, relative, resolve, sep } from 'node:path';
import type { OpenApiDocument } from '../openapi/document.ts';
import { readSpecFiles } from '../openapi/load/load.ts';
import { readOperations } from '../openapi/operations.ts';
import { Problem } from '../util/errors.ts';
import { displayPath } from '../util/files.ts';
import { clientTable } from './client-table.ts';
import { writeClient, writeParts } from './client.ts';
import { header } from './header.ts';
import { writeOperationTable } from './operation-table.ts';
import { writeTypes } from './typescript.ts';

/**
 * Generates the types, the operation table and the parts of the client of a specification, deterministically.
 * @param spec an OpenAPI 3.0 or 3.1 file.
 * @param command generates the files again.
 * @returns the name of each file with its text.
 * @throws Problem if the specification cannot be used.
 */
export async function generate(
  spec: string,
  command: string,
): Promise<Record<'types.ts' | 'operations.ts' | 'parts.ts', string>> {
  const name = displayPath(spec);
  const { document, sha256, locate } = await readSpecFiles(spec, { kept: 'components', remote: 'refused' });
  const { text, warnings } = await writeTypes(document, name, locate);
  if (warnings.length > 0) {
    const [what, remedy] = ['A schema has no type.', 'Change it in the specification.'];
    throw new Problem({ code: 'types_impossible', what, facts: { reason: warnings.join('\n') }, remedy });
  }
  const top = header({ command, name, sha256 });
  const operations = readOperations(document);
  return {
    'types.ts': top + text,
    'operations.ts': top + writeOperationTable({ document, operations }),
    'parts.ts': top + writeParts(clientTable({ document, operations })),
  };
}

interface ProjectOptions {
  /** `name` stands for a specification without a path in the project. */
  spec: { file: string; name?: string };
  /** A file, or for a client a folder. */
  out?: string | undefined;
  /** Whether to follow references to other hosts. */
  allowRemote: boolean;
}

export interface ClientProjectOptions extends ProjectOptions {
  out: string;
  /** The beginning of the environment variables that the client reads, such as `PARCELS`. */
  envPrefix: string | undefined;
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
export async function generateForProject(options: ProjectOptions): Promise<ProjectFiles> {
  const { top, types, command, warnings } = await typesFor('types', options);
  const path = resolve(options.out ?? 'types.ts');
  return { folder: dirname(path), files: { [basename(path)]: top + types }, command, warnings };
}

/**
 * Generates a typed client of a specification, which needs no other file than its types.
 * @throws Problem if the specification cannot be used.
 */
export async function generateClient(options: ClientProjectOptions): Promise<ProjectFiles> {
  const { out, envPrefix } = options;
  const more = envPrefix === undefined ? [] : ['--env-prefix', envPrefix];
  const { document, top, types, command, warnings } = await typesFor('client', options, more);
  const client = await writeClient(clientTable({ document, operations: readOperations(document) }), envPrefix);
  return { folder: resolve(out), files: { 'client.ts': top + client, 'types.ts': top + types }, command, warnings };
}

async function typesFor(
  name: 'types' | 'client',
  { spec, out, allowRemote }: ProjectOptions,
  more: readonly string[] = [],
): Promise<{ document: OpenApiDocument; top: string; types: string } & Pick<ProjectFiles, 'command' | 'warnings'>> {
  const { document, sha256, warnings, locate } = await readSpecFiles(spec.file, {
    kept: 'components',
    remote: allowRemote ? 'allowed' : { remedy: 'Keep what it points to in a file, or allow it with --allow-remote.' },
  });
  const command = [
    `npx arzamed ${name}`,
    ...(spec.name === undefined ? ['--spec', shellWord(projectPath(spec.file))] : []),
    ...(out === undefined ? [] : ['--out', shellWord(projectPath(out))]),
    ...more,
    ...(allowRemote ? ['--allow-remote'] : []),
  ].join(' ');
  const top = header({ command, name: spec.name ?? shellWord(projectPath(spec.file)), sha256 });
  const written = await writeTypes(document, spec.name ?? displayPath(spec.file), locate);
  return { document, top, types: written.text, command, warnings: [...warnings, ...written.warnings] };
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
