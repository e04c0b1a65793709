import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { codeOf, messageOf, Problem } from '../../util/errors.ts';

export interface Command {
  command: string;
  args: readonly string[];
  /** Its whole environment, as `prepareChild` makes it. */
  env: Readonly<Record<string, string>>;
  cwd?: string;
}

/** How a child ended. */
export interface ChildEnded {
  /** Its exit code; 128 and the number of the signal that ended it; 127 or 126 if it could not be started. */
  code: number;
  /** Why it could not be started. */
  problem?: Problem;
}

/**
 * Runs a command to its end, on the terminal, stdin, stdout and stderr of this process.
 *
 * Signals that would end this process reach the child instead, and this process waits for it. What a terminal sends by its
 * keys (SIGINT, SIGQUIT) the child gets from there, so it is forwarded only where there is no terminal. A second SIGTERM
 * kills the child.
 */
export async function runChild({ command, args, env, cwd }: Command): Promise<ChildEnded> {
  // Before the child is there, lest a signal end this process alone in the moment between.
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
    // Once it runs, what fails is to signal it, as with sudo; that is no reason to leave it alone.
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
    // Windows has no such signal to send; the console tells the child by itself.
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

/** Whether there is a terminal whose keys reach the child by themselves. On Windows a console always does. */
function isOnTerminal(): boolean {
  if (process.platform === 'win32') return true;
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}

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
