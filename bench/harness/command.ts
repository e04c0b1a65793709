import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { WrongAnswer } from './answers.ts';
import { environment } from './environment.ts';

/** A command that Node runs to its end. */
export interface Command {
  name: string;
  /** What Node is to run, with its arguments. */
  args: readonly string[];
  /** The code that it must end with. Default: 0. */
  exitCode?: number;
  /** Whether it did what it should, by what it printed. */
  isRight: (printed: string) => boolean;
}

const reportPeak = fileURLToPath(new URL('report-peak.js', import.meta.url));

/** Milliseconds from its start to its end. */
export function timeOf(command: Command): number {
  const from = performance.now();
  const ended = run(command, []);
  const milliseconds = performance.now() - from;
  check(command, ended);
  return milliseconds;
}

/** The largest memory that it held, in MiB. Told by the process itself, so that this is no run to take the time of. */
export function peakMemoryOf(command: Command): number {
  const ended = run(command, ['--import', reportPeak]);
  check(command, ended);
  return Number(ended.output[3]) / 1024;
}

type Ended = ReturnType<typeof run>;

function run({ args }: Command, before: readonly string[]) {
  return spawnSync(process.execPath, [...before, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: environment,
    // Some tools read settings from the folder in which they run.
    cwd: tmpdir(),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 ** 2,
    timeout: 120_000,
  });
}

function check({ name, isRight, exitCode = 0 }: Command, { status, stdout, stderr }: Ended): void {
  if (status !== exitCode || !isRight(stdout + stderr))
    throw new WrongAnswer(name, { status: status ?? -1, body: stdout + stderr });
}
