import { statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Problem } from '../../util/errors.ts';
import { codeOf, messageOf } from '../../spec/thrown.ts';
import type { ChildEnded } from '../../intercept/child/run.ts';

/** Says why a command could not be started, with the exit codes of shells: 127 it is not there, 126 it cannot be run. */
export function startProblem(
  thrown: unknown,
  command: string,
  path: string,
  platform: NodeJS.Platform = process.platform,
): Required<ChildEnded> {
  const reason = codeOf(thrown);
  if (reason === 'ENOENT' && isThere(command, path)) {
    const what = 'Cannot be started: the interpreter in its first line, or the working directory, does not exist.';
    return failed(
      127,
      { what, remedy: 'Correct its first line, or name the interpreter in the command.' },
      command,
      thrown,
    );
  }
  if (platform === 'win32' && (reason === 'ENOENT' || reason === 'EINVAL')) {
    const remedy = `Check the spelling; what is a script on Windows, such as npm, needs its shell: cmd /c ${command}`;
    return failed(127, { what: 'There is no such program.', remedy }, command, thrown);
  }
  if (reason === 'ENOENT') {
    const remedy = 'Check the spelling; a program that is not in PATH needs its path, such as ./program.';
    return failed(127, { what: 'There is no such command.', remedy }, command, thrown);
  }
  if (reason === 'EACCES') {
    const remedy = `Make it executable (chmod +x), or name its interpreter in the command.`;
    return failed(126, { what: 'Is there, but is no program that may be executed.', remedy }, command, thrown);
  }
  const what = `Cannot be started: ${messageOf(thrown)}.`;
  return failed(126, { what, remedy: 'Try it without arzamed exec first.' }, command, thrown);
}

function failed(
  code: number,
  said: { what: string; remedy: string },
  where: string,
  cause: unknown,
): Required<ChildEnded> {
  const problemCode = code === 127 ? 'command_not_found' : 'command_not_executable';
  return { code, problem: new Problem({ code: problemCode, where, ...said }, { cause }) };
}

function isThere(command: string, path: string): boolean {
  const places = /[/\\]/.test(command) ? [command] : path.split(delimiter).map((folder) => join(folder, command));
  return places.some((place) => statSync(place, { throwIfNoEntry: false })?.isFile() === true);
}
