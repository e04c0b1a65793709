import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';

/** How a command ended and what it printed. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The built command line, as the package's `bin` names it. */
export const arzamed = 'dist/cli/main.js';

/** The executable of `npm run binary`, where `npm run test:binary` tries it in the package's place. */
export const executable = process.env['TEST_EXECUTABLE'];

/** What starts `arzamed` with arguments. */
export function invocation(...args: string[]): [program: string, args: string[]] {
  return executable === undefined ? [process.execPath, [resolve(arzamed), ...args]] : [executable, args];
}

/** Runs a command to its end, or for so many milliseconds: then its code is null. */
export async function run(
  command: string,
  args: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; timeout?: number } = {},
): Promise<Ended> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: typeof code === 'number' ? code : null, stdout, stderr };
}

/** Runs `arzamed` to its end. */
export function runArzamed(...args: string[]): Promise<Ended> {
  return run(...invocation(...args));
}

/** A running `arzamed` that has printed what was waited for. Ends with the block. */
export interface Running extends AsyncDisposable {
  /** What it printed on stdout until then. */
  stdout: string;
  /** Sends a signal and waits for the end. */
  stop(signal: NodeJS.Signals): Promise<Ended>;
}

/** One in a process of its own. */
export interface Started extends Running {
  /** Waits until stdout has what matches. */
  printed(pattern: RegExp): Promise<{ stdout: string }>;
}

/** Starts `arzamed` and waits until its stdout matches. */
export function startArzamed(pattern: RegExp, ...args: string[]): Promise<Started> {
  return startArzamedWith({}, pattern, ...args);
}

/** The same, with variables beside those of the environment. */
export async function startArzamedWith(
  variables: Record<string, string>,
  pattern: RegExp,
  ...args: string[]
): Promise<Started> {
  const env = { ...process.env, ...variables };
  const child = spawn(...invocation(...args), { stdio: ['ignore', 'pipe', 'pipe'], env });
  const printed = { stdout: '', stderr: '' };
  child.stderr.on('data', (chunk: Buffer) => (printed.stderr += chunk.toString()));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      printed.stdout += chunk.toString();
      if (pattern.test(printed.stdout)) resolve();
    });
    child.once('close', () => reject(new Error(`It ended early: ${printed.stderr}`)));
  });
  const stop = async (signal: NodeJS.Signals): Promise<Ended> => ({ code: await end(child, signal), ...printed });
  const wait = async (wanted: RegExp): Promise<{ stdout: string }> => {
    while (!wanted.test(printed.stdout)) await once(child.stdout, 'data');
    return printed;
  };
  return {
    stdout: printed.stdout,
    printed: wait,
    stop,
    [Symbol.asyncDispose]: async () => void (await stop('SIGTERM')),
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill(signal);
    await once(child, 'close');
  }
  return child.exitCode;
}
