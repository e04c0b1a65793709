import { spawn, type ChildProcess } from 'node:child_process';
import { statSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { codeOf, messageOf, Problem } from '../../util/errors.ts';
import { forwardSignals } from './signals.ts';

export interface Command {
  command: string;
  args: readonly string[];
  /** Its whole environment. */
  env: Readonly<Record<string, string>>;
  cwd?: string;
  /** Of this process, which it gets under the same numbers besides stdin, stdout and stderr. */
  descriptors?: readonly number[];
  /** Called with its process id. */
  started?: (pid: number) => void;
}

export interface ChildEnded {
  /** Its exit code; 128 plus the signal that ended it; 127 or 126 if it could not be started. */
  code: number;
  /** What ended it. */
  signal?: NodeJS.Signals;
  /** Why it could not be started. */
  problem?: Problem;
}

/** Runs a command to its end, with the terminal, stdin, stdout and stderr of this process, and the signals that it gets. */
export async function runChild({
  command,
  args,
  env,
  cwd,
  descriptors = [],
  started = () => {},
}: Command): Promise<ChildEnded> {
  // Before the child starts, so that no signal ends this process alone.
  const forwarding = forwardSignals();
  try {
    const stdio: ('inherit' | 'ignore' | number)[] = ['inherit', 'inherit', 'inherit'];
    for (const each of descriptors) {
      while (stdio.length < each) stdio.push('ignore');
      stdio[each] = each;
    }
    const child = spawn(command, args, { env, stdio, ...(cwd === undefined ? {} : { cwd }) });
    forwarding.to(child);
    if (child.pid !== undefined) started(child.pid);
    return await endOf(child);
  } catch (error) {
    return startProblem(error, command, env['PATH'] ?? '');
  } finally {
    forwarding.stop();
  }
}

/** Resolves when a child ends; rejects if it could not be started. */
export function endOf(child: ChildProcess): Promise<ChildEnded> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => {
      resolve(signal === null ? { code: code ?? 0 } : { code: 128 + constants.signals[signal], signal });
    });
    child.on('error', reject);
    // Once it runs, only a signal can fail, as with sudo: keep waiting.
    child.once('spawn', () => child.off('error', reject).on('error', () => undefined));
  });
}

/** Why a command could not be started, with a shell's exit codes: 127 not found, 126 not executable. */
export function startProblem(
  thrown: unknown,
  command: string,
  path: string,
  platform: NodeJS.Platform = process.platform,
): ChildEnded & { problem: Problem } {
  const reason = codeOf(thrown);
  const failed = (code: 126 | 127, what: string, remedy: string): ChildEnded & { problem: Problem } => {
    const problemCode = code === 127 ? 'command_not_found' : 'command_not_executable';
    return { code, problem: new Problem({ code: problemCode, where: command, what, remedy }, { cause: thrown }) };
  };
  if (reason === 'ENOENT' && isThere(command, path)) {
    const what = 'The interpreter in its first line, or the working directory, does not exist.';
    return failed(127, what, 'Correct its first line, or name the interpreter in the command.');
  }
  if (platform === 'win32' && (reason === 'ENOENT' || reason === 'EINVAL')) {
    return failed(127, 'No such program.', `Check the spelling; scripts such as npm need the shell: cmd /c ${command}`);
  }
  if (reason === 'ENOENT') {
    return failed(
      127,
      'No such command.',
      'Check the spelling; a program that is not in PATH needs its path, such as ./program.',
    );
  }
  if (reason === 'EACCES') {
    return failed(126, 'Not executable.', 'Make it executable (chmod +x), or name its interpreter in the command.');
  }
  return failed(126, `Cannot be started: ${messageOf(thrown)}.`, 'Try it without arzamed exec first.');
}

function isThere(command: string, path: string): boolean {
  const places = /[/\\]/.test(command) ? [command] : path.split(delimiter).map((folder) => join(folder, command));
  return places.some((place) => statSync(place, { throwIfNoEntry: false })?.isFile() === true);
}
