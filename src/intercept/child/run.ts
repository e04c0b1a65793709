import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { codeOf, messageOf, Problem } from '../../util/errors.ts';

export interface Command {
  command: string;
  args: readonly string[];
  /** Its whole environment. */
  env: Readonly<Record<string, string>>;
  cwd?: string;
}

export interface ChildEnded {
  /** Its exit code; 128 plus the signal that ended it; 127 or 126 if it could not be started. */
  code: number;
  /** Why it could not be started. */
  problem?: Problem;
}

/**
 * Runs a command to its end, with the terminal, stdin, stdout and stderr of this process.
 *
 * Signals to this process are forwarded to the child. The keys of a terminal (SIGINT, SIGQUIT) reach the child directly, so
 * these are forwarded only without a terminal. A second SIGTERM kills the child.
 */
export async function runChild({ command, args, env, cwd }: Command): Promise<ChildEnded> {
  // Before the child starts, so that no signal ends this process alone.
  const forwarding = forwardSignals();
  try {
    const child = spawn(command, args, { env, stdio: 'inherit', ...(cwd === undefined ? {} : { cwd }) });
    forwarding.to(child);
    return { code: await endOf(child) };
  } catch (error) {
    return startProblem(error, command, env['PATH'] ?? '');
  } finally {
    forwarding.stop();
  }
}

function endOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    child.on('error', reject);
    // Once it runs, only a signal can fail, as with sudo: keep waiting.
    child.once('spawn', () => child.off('error', reject).on('error', () => undefined));
  });
}

function forwardSignals(): { to(child: ChildProcess): void; stop(): void } {
  const fromKeys = isOnTerminal();
  let child: ChildProcess | undefined;
  let asked = false;
  const handlers = {
    SIGINT: () => fromKeys || child?.kill('SIGINT'),
    SIGQUIT: () => fromKeys || child?.kill('SIGQUIT'),
    // Windows cannot send it; the console notifies the child.
    SIGHUP: () => process.platform === 'win32' || child?.kill('SIGHUP'),
    SIGTERM: () => {
      child?.kill(asked ? 'SIGKILL' : 'SIGTERM');
      asked = true;
    },
  };
  for (const [signal, handler] of Object.entries(handlers)) process.on(signal, handler);
  return {
    to: (started) => {
      child = started;
    },
    stop: () => {
      for (const [signal, handler] of Object.entries(handlers)) process.off(signal, handler);
    },
  };
}

/** Whether the keys of a terminal reach the child. On Windows they always do. */
function isOnTerminal(): boolean {
  if (process.platform === 'win32') return true;
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}

/** Why a command could not be started, with a shell's exit codes: 127 not found, 126 not executable. */
export function startProblem(
  thrown: unknown,
  command: string,
  path: string,
  platform: NodeJS.Platform = process.platform,
): Required<ChildEnded> {
  const reason = codeOf(thrown);
  const failed = (code: 126 | 127, what: string, remedy: string): Required<ChildEnded> => {
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
