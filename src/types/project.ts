import { basename, dirname, resolve } from 'node:path';
import { displayPath } from '../spec/display-path.ts';
import { readSpecFiles } from '../openapi/load/load.ts';
import { refuseDuplicateIds } from './duplicate-ids.ts';
import { header } from './header.ts';
import { projectPath, shellWord } from './project-path.ts';
import { writeTypes } from './typescript.ts';

export interface ProjectOptions {
  /** The specification; `name` stands for it in the files where it has no path in the project. */
  spec: { file: string; name?: string };
  /** Where the types are to lie. */
  out?: string | undefined;
  /** Whether references to other machines may be followed. */
  allowRemote: boolean;
}

/** What a project gets, and the command that makes it again. */
export interface ProjectFiles {
  folder: string;
  /** Name of a file in the folder to its text. */
  files: Record<string, string>;
  command: string;
}

/**
 * Generates what a project of somebody else keeps of a specification.
 * @throws Problem if the specification cannot be used.
 */
export async function generateForProject({ spec, out, allowRemote }: ProjectOptions): Promise<ProjectFiles> {
  const { document, sha256 } = await readSpecFiles(spec.file, {
    kept: 'components',
    remote: allowRemote ? 'allowed' : { remedy: 'Keep what it points to in a file, or allow it with --allow-remote.' },
  });
  refuseDuplicateIds(document, displayPath(spec.file));
  const command = [
    'npx arzamed types',
    ...(spec.name === undefined ? ['--spec', shellWord(projectPath(spec.file))] : []),
    ...(out === undefined ? [] : ['--out', shellWord(projectPath(out))]),
    ...(allowRemote ? ['--allow-remote'] : []),
  ].join(' ');
  const top = header({ command, name: spec.name ?? shellWord(projectPath(spec.file)), sha256 });
  const path = resolve(out ?? 'types.ts');
  const types = top + (await writeTypes(document, spec.name ?? displayPath(spec.file)));
  return { folder: dirname(path), files: { [basename(path)]: types }, command };
}
