import { readFile } from 'node:fs/promises';
import type { Ended } from './command.ts';
import { arzamedHere } from './in-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Changes to a folder and runs a program whose output goes to two files, since that of this process is the runner's. */
const redirect = 'cd "$1" && exec >"$2" 2>"$3" && shift 3 && exec "$@"';

/**
 * Runs `arzamed exec` in this process and its program in a folder.
 * @returns the stdout of the program, and what `arzamed` and then the program say on stderr.
 */
export async function execHere(
  folder: string,
  options: readonly string[],
  ...program: readonly string[]
): Promise<Ended> {
  await using output = await temporaryFolder({ stdout: '', stderr: '' });
  const files = [`${output.path}/stdout`, `${output.path}/stderr`] as const;
  const { code, stderr } = await arzamedHere(
    'exec',
    ...options,
    '--',
    'sh',
    '-c',
    redirect,
    'sh',
    folder,
    ...files,
    ...program,
  );
  const [said, complained] = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return { code, stdout: said ?? '', stderr: `${stderr}${complained}` };
}
