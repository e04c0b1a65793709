import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Begun, Ran, Run } from './protocol.ts';

const worker = fileURLToPath(new URL('worker.ts', import.meta.url));

/** A worker that is replaced when a mutant keeps it from answering: there is no other way out of an endless loop. */
export class WorkerProcess implements AsyncDisposable {
  readonly #environment: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;

  constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = environment;
  }

  /** A test file that takes much longer than one of its tests may, or ends the process, has failed. */
  async run(run: Run): Promise<Ran> {
    const child = (this.#child ??= this.#start());
    let file = '';
    let timer: NodeJS.Timeout | undefined;
    const ran = await new Promise<Ran | undefined>((resolve) => {
      child.once('exit', () => resolve(undefined));
      child.on('message', (message: Begun | Ran) => {
        clearTimeout(timer);
        if (!('begun' in message)) return resolve(message);
        file = message.begun;
        timer = setTimeout(() => resolve(undefined), patienceFor(run, file));
      });
      child.send({ ...run });
    });
    clearTimeout(timer);
    child.removeAllListeners();
    if (ran) return ran;
    await this[Symbol.asyncDispose]();
    return { id: run.id, times: {}, failed: { file, test: 'it does not end' } };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  #start(): ChildProcess {
    const env = { ...process.env, ...this.#environment };
    return fork(worker, { env, execArgv: ['--disable-warning=ExperimentalWarning'], stdio: 'ignore' });
  }
}

function patienceFor({ files }: Run, begun: string): number {
  // A test that waits too long says so itself, a little earlier.
  return (files.find(({ file }) => file === begun)?.patience ?? 0) + 500;
}
