import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { endOf, startProblem } from '../intercept/child/run.ts';
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

/** Bytes of stdout, and of stderr, that are kept. */
const mostOutput = 1_000_000;
/** Milliseconds between two looks at whether a server is ready. */
const lookEvery = 50;
/** Milliseconds in which another program at that URL answers. */
const lookFor = 1000;
/** Milliseconds after SIGTERM until SIGKILL, and for the rest of the output after the end. */
const grace = 1000;

/** Runs the program in one environment. @throws Problem if it cannot be started, or does not become ready. */
export async function runProgram(program: Program, options: RunOptions): Promise<RunEnd[]> {
  const { command, args, repeat, trigger } = program;
  if (trigger !== undefined) return runServer(program, trigger, options);
  const ended: RunEnd[] = [];
  for (let start = 0; start < repeat && !options.signal.aborted; start += 1) {
    ended.push(await new Running(command, args, options).ended);
  }
  return ended;
}

async function runServer(program: Program, trigger: string, options: RunOptions): Promise<RunEnd[]> {
  const { ready } = program;
  const { again, signal } = options;
  if (ready !== undefined && (await answers(ready, lookFor, signal))) {
    const remedy = 'End it, or give the program another port and URL.';
    throw notReady(ready, 'Another program answers there before this one starts.', remedy);
  }
  const server = new Running(program.command, program.args, { ...options, patience: Infinity });
  const over = new AbortController();
  try {
    const waiting = { ...options, signal: AbortSignal.any([signal, over.signal]) };
    const first = await Promise.race([server.ended, becomesReady(ready, waiting)]);
    // What it does without being triggered shows as well, such as that it does not start.
    if (first) return [first];
    const ended: RunEnd[] = [];
    const poke = async (): Promise<void> => {
      const { code, milliseconds, output } = await new Running(shell, [...shellArgs, trigger], options).ended;
      ended.push({ code, milliseconds, output: output + server.output });
    };
    for (let time = 0; time < program.repeat && !signal.aborted; time += 1) await poke();
    if (again === undefined) return ended;
    await wait(again, undefined, { signal });
    await poke();
    return ended;
  } finally {
    over.abort();
    await server.stop();
  }
}

const [shell, ...shellArgs] =
  process.platform === 'win32' ? (['cmd', '/d', '/s', '/c'] as const) : (['sh', '-c'] as const);

/** Resolves when a URL answers, whatever the status. @throws Problem if it does not. */
async function becomesReady(url: string | undefined, { patience, signal }: RunOptions): Promise<undefined> {
  if (url === undefined) return;
  const until = performance.now() + patience;
  for (let left = patience; left > 0 && !signal.aborted; left = until - performance.now()) {
    if (await answers(url, left, signal)) return;
    await wait(lookEvery);
  }
  if (signal.aborted) return;
  const remedy = 'Correct the URL, or give the program more time with --patience SECONDS.';
  throw notReady(url, `The program did not become ready within ${patience / 1000} s.`, remedy);
}

async function answers(url: string, milliseconds: number, signal: AbortSignal): Promise<boolean> {
  try {
    const soon = AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(milliseconds))]);
    const answer = await fetch(url, { signal: soon, redirect: 'manual' });
    await answer.body?.cancel();
    return true;
  } catch {
    return false;
  }
}

function notReady(url: string, what: string, remedy: string): Problem {
  return new Problem({ code: 'option_invalid', what, where: `--ready ${url}`, remedy });
}

/** The last chunks of a stream, as they come. */
function keepEnd(stream: Readable): Buffer[] {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    chunks.push(chunk);
    for (let [first] = chunks; first && bytes - first.length > mostOutput; [first] = chunks) {
      bytes -= first.length;
      chunks.shift();
    }
  });
  return chunks;
}

/** A process with all that it started. */
class Running {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  /** Whether it was ended for its time, and not by itself. */
  #stopped = false;
  readonly #outputs: readonly Buffer[][];
  readonly ended: Promise<RunEnd>;

  constructor(command: string, args: readonly string[], options: RunOptions) {
    // A group of its own, which ends as one.
    const detached = process.platform !== 'win32';
    this.#child = spawn(command, args, { env: options.env, stdio: ['ignore', 'pipe', 'pipe'], detached });
    this.#outputs = [this.#child.stdout, this.#child.stderr].map(keepEnd);
    this.ended = this.#watch(command, options);
    // Awaited perhaps later.
    this.ended.catch(() => {});
  }

  get output(): string {
    return this.#outputs.map((chunks) => Buffer.concat(chunks).toString()).join('');
  }

  async #watch(command: string, { env, patience, signal }: RunOptions): Promise<RunEnd> {
    const began = performance.now();
    const child = this.#child;
    const stop = (): void => {
      this.#stopped = true;
      this.#kill('SIGKILL');
    };
    const timer = patience === Infinity ? undefined : setTimeout(stop, patience);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    const closed = new Promise((resolve) => child.once('close', resolve));
    try {
      const { code } = await endOf(child);
      const milliseconds = performance.now() - began;
      // What the program left running; where that has left the group as well, its output is not waited for.
      this.#kill('SIGKILL');
      await Promise.race([closed, wait(grace, undefined, { ref: false })]);
      for (const stream of [child.stdout, child.stderr]) stream.destroy();
      return { code: this.#stopped ? undefined : code, milliseconds, output: this.output };
    } catch (error) {
      throw startProblem(error, command, env['PATH'] ?? '').problem;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
  }

  async stop(): Promise<void> {
    this.#kill('SIGTERM');
    const kill = setTimeout(() => this.#kill('SIGKILL'), grace);
    await this.ended.catch(() => {});
    clearTimeout(kill);
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
