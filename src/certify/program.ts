import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { startProblem } from '../intercept/child/run.ts';
import { Problem } from '../util/errors.ts';
import type { RunEnd } from './evidence.ts';

/** The program under test, and how it is started. */
export interface Program {
  command: string;
  args: readonly string[];
  /** How often it is started in each scenario. */
  repeat: number;
  /** For a program that keeps running: the URL that answers when it is ready, and the shell command that makes it call the API. */
  ready?: string | undefined;
  trigger?: string | undefined;
}

export interface RunOptions {
  env: Readonly<Record<string, string>>;
  /** Milliseconds that each start, and each trigger, may take. */
  patience: number;
  /** Milliseconds after which it is triggered again; not, if undefined. */
  again?: number | undefined;
  /** Ends all children. */
  signal: AbortSignal;
}

/** Characters of the output that are kept. */
const mostOutput = 1_000_000;
/** Milliseconds between two looks at whether a server is ready. */
const lookEvery = 50;
/** Milliseconds after SIGTERM until SIGKILL. */
const grace = 1000;

/** Runs the program in one environment. @throws Problem if it cannot be started, or does not become ready. */
export async function runProgram(program: Program, options: RunOptions): Promise<RunEnd[]> {
  const { command, args, repeat, trigger } = program;
  if (trigger !== undefined) return runServer(program, trigger, options);
  const ended: RunEnd[] = [];
  for (let start = 0; start < repeat && !options.signal.aborted; start += 1) {
    ended.push(await new Running(command, args, options).ended());
  }
  return ended;
}

async function runServer(program: Program, trigger: string, options: RunOptions): Promise<RunEnd[]> {
  const server = new Running(program.command, program.args, { ...options, patience: Infinity });
  try {
    const first = await Promise.race([server.ended(), isReady(program.ready, options)]);
    // What it does without being triggered shows as well, such as that it does not start.
    if (first) return [first];
    const poke = async (): Promise<RunEnd> => {
      const { code, milliseconds, output } = await new Running(shell, [...shellArgs, trigger], options).ended();
      return { code, milliseconds, output: output + server.output };
    };
    const ended: RunEnd[] = [];
    for (let time = 0; time < program.repeat; time += 1) ended.push(await poke());
    if (options.again === undefined) return ended;
    await wait(options.again, undefined, { signal: options.signal });
    return [...ended, await poke()];
  } finally {
    await server.stop();
  }
}

const [shell, ...shellArgs] =
  process.platform === 'win32' ? (['cmd', '/d', '/s', '/c'] as const) : (['sh', '-c'] as const);

/** Resolves when a URL answers, whatever the status. @throws Problem if it does not. */
async function isReady(url: string | undefined, { patience, signal }: RunOptions): Promise<undefined> {
  if (url === undefined) return undefined;
  const until = performance.now() + patience;
  while (!signal.aborted && performance.now() < until) {
    const answered = await fetch(url, { signal: AbortSignal.timeout(patience) }).then(
      () => true,
      () => false,
    );
    if (answered) return undefined;
    await wait(lookEvery);
  }
  if (signal.aborted) return undefined;
  throw new Problem({
    code: 'option_invalid',
    what: 'The program did not become ready.',
    where: `--ready ${url}`,
    facts: { expected: `an answer within ${patience / 1000} s` },
    remedy: 'Correct the URL, or give the program more time with --patience SECONDS.',
  });
}

/** A process with all that it started. */
class Running {
  readonly #child: ChildProcess;
  readonly #began = performance.now();
  readonly #ended: Promise<RunEnd>;
  output = '';

  constructor(command: string, args: readonly string[], { env, patience, signal }: RunOptions) {
    // A group of its own, which ends as one.
    const detached = process.platform !== 'win32';
    this.#child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output = (this.output + text).slice(-mostOutput);
      });
    }
    this.#ended = this.#watch(command, env['PATH'] ?? '', patience, signal);
    // Awaited by `ended()`, perhaps later.
    this.#ended.catch(() => {});
  }

  ended(): Promise<RunEnd> {
    return this.#ended;
  }

  async #watch(command: string, path: string, patience: number, signal: AbortSignal): Promise<RunEnd> {
    const child = this.#child;
    const stop = (): void => this.#kill('SIGKILL');
    const timer = patience === Infinity ? undefined : setTimeout(stop, patience);
    signal.addEventListener('abort', stop, { once: true });
    try {
      const code = await new Promise<number | undefined>((resolve, reject) => {
        child.once('error', (error) => reject(startProblem(error, command, path).problem));
        child.once('close', (exit) => resolve(exit ?? (child.signalCode === 'SIGKILL' ? undefined : 1)));
      });
      return { code, milliseconds: performance.now() - this.#began, output: this.output };
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
  }

  async stop(): Promise<void> {
    this.#kill('SIGTERM');
    const kill = setTimeout(() => this.#kill('SIGKILL'), grace);
    await this.#ended.catch(() => {});
    clearTimeout(kill);
    // What the program left running.
    this.#kill('SIGKILL');
  }

  #kill(name: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      if (process.platform === 'win32') this.#child.kill(name);
      else process.kill(-pid, name);
    } catch {
      // It has ended.
    }
  }
}
