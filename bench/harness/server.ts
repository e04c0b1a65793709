import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../../test/support/free-port.ts';
import { environment } from './environment.ts';

/** A server that can be started as a process of its own. */
export interface Contestant {
  name: string;
  /** What Node is to run, with its arguments. */
  command: (port: number) => string[];
  /** What runs it in the place of this Node. */
  program?: string;
  /** Variables beside those of all. */
  variables?: Record<string, string>;
  /** Finds the URL in what it prints; without it, the server listens on the port that it is given. */
  listening?: RegExp;
  /** Whether it looks at tokens, and gives out those that it takes. */
  issuesOwnTokens?: boolean;
  /** Where it issues tokens, if it does. */
  tokenPath?: string;
  /** Where it serves the doctors, if it does. */
  doctorsPath?: string;
}

/** A process that listens, or is about to. Ends with the block, or with this process, whatever happens. */
export interface Running extends AsyncDisposable {
  pid: number;
  /** `http://127.0.0.1:41234` */
  url: string;
  /** When it was started, as `performance.now()` gives it. */
  startedAt: number;
}

/** All that have been started and not stopped. They go with this process, however it ends. */
const living = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/** Milliseconds until a server must have said where it listens. */
const patience = 60_000;

export async function startServer(contestant: Contestant): Promise<Running> {
  const { name, program = process.execPath, command, variables, listening } = contestant;
  const port = listening ? 0 : await freePort();
  const startedAt = performance.now();
  const env = { ...environment, ...variables };
  const child = spawn(program, command(port), { stdio: ['ignore', 'pipe', 'pipe'], env });
  living.add(child);
  const end = async (): Promise<void> => {
    await stop(child);
    living.delete(child);
  };
  try {
    const url = listening ? await printedUrl(name, child, listening) : `http://127.0.0.1:${port}`;
    // What it prints from now on is of no interest, but must not fill the pipe.
    for (const stream of [child.stdout, child.stderr]) stream.removeAllListeners('data').resume();
    return { pid: child.pid ?? 0, url, startedAt, [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}

async function printedUrl(name: string, child: ChildProcess, listening: RegExp): Promise<string> {
  let printed = '';
  const url = new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      printed += chunk.toString();
      const found = listening.exec(printed)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('close', () => reject(new Error(`${name} ended early: ${printed}`)));
    setTimeout(() => reject(new Error(`${name} did not say where it listens: ${printed}`)), patience).unref();
  });
  return url;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  const ended = await Promise.race([closed.then(() => true), wait(3000, false)]);
  if (!ended) child.kill('SIGKILL');
  await closed;
}
