import cluster, { type Worker } from 'node:cluster';
import { explainRefusal } from '../listen.ts';
import { type AnsweredByWorker, type FromWorker, type ToWorker, workerVariable } from './messages.ts';

/** Milliseconds in which a worker must do as it is told. */
const patience = 5000;

interface Settings {
  count: number;
  host: string;
  port: number;
  /** How many connections all of them may have. */
  connections: number;
  onAnswered: (worker: number, requests: readonly AnsweredByWorker[]) => void;
  /** Is told what went wrong with a worker, as a sentence. */
  say: (line: string) => void;
}

/** The processes that listen in the place of this one. One that dies is replaced. */
export class Workers {
  readonly #settings: Settings;
  readonly #alive = new Set<Worker>();
  #upstream = 0;
  #url: string | undefined;
  #isClosing = false;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /**
   * Starts them.
   * @param upstream the port of this machine on which this process answers them.
   * @returns the URL of the server, without a slash at its end.
   * @throws Problem if the port is in use, or the host is not one of this machine.
   */
  async listen(upstream: number): Promise<string> {
    this.#upstream = upstream;
    // The command line as it was called, which finds out by its environment that it is a worker.
    cluster.setupPrimary({ args: [] });
    try {
      const [url = ''] = await Promise.all(Array.from({ length: this.#settings.count }, () => this.#start()));
      return url;
    } catch (error) {
      this.#isClosing = true;
      for (const worker of this.#alive) worker.process.kill('SIGKILL');
      throw error;
    }
  }

  /** Has all say what they have answered, and forget what they were lent before an epoch. */
  async recall(epoch: number): Promise<void> {
    await Promise.all(
      [...this.#alive].map(async (worker) => {
        const recalled = next(worker, (message) => message.type === 'recalled' && message.epoch === epoch);
        tell(worker, { type: 'recall', epoch });
        // One that does not answer is ended: nobody may be answered by what holds no more.
        if (!(await within(recalled))) worker.process.kill('SIGKILL');
      }),
    );
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.all(
      [...this.#alive].map(async (worker) => {
        const ended = next(worker, () => false);
        tell(worker, { type: 'close' });
        if (!(await within(ended))) worker.process.kill('SIGKILL');
      }),
    );
  }

  async #start(): Promise<string> {
    const { host, connections, count } = this.#settings;
    // Port 0 is the same for all of them as long as one is left that has it.
    const isFirst = this.#alive.size === 0 && this.#url !== undefined;
    const port = isFirst ? Number(new URL(this.#url ?? '').port) : this.#settings.port;
    const settings = { host, port, connections: Math.ceil(connections / count), upstream: this.#upstream };
    const worker = cluster.fork({ [workerVariable]: 'yes' });
    this.#alive.add(worker);
    // What is on its way to one that has just ended cannot be written any more; that it ended is told by its exit.
    worker.on('error', () => {});
    const begun = next(worker, ({ type }) => type === 'listening' || type === 'refused');
    worker.on('message', (message: FromWorker) => {
      if (message.type === 'answered') this.#settings.onAnswered(worker.id, message.requests);
    });
    worker.once('exit', () => this.#alive.delete(worker));
    tell(worker, { type: 'listen', settings });
    const message = await begun;
    if (message?.type === 'refused') throw explainRefusal(message, host, settings.port);
    if (message?.type !== 'listening') throw new Error('A worker ended before it listened.');
    worker.once('exit', (code, signal) => this.#replace(signal ?? `exit code ${code}`));
    this.#url ??= message.url;
    return message.url;
  }

  #replace(reason: string): void {
    if (this.#isClosing) return;
    this.#settings.say(`A worker ended (${reason}); another takes its place.`);
    this.#start().catch((error: unknown) => this.#settings.say(`No worker took its place: ${String(error)}`));
  }
}

function tell(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message);
}

/** The next message of a worker that fits; undefined where it ends before. */
function next(worker: Worker, fits: (message: FromWorker) => boolean): Promise<FromWorker | undefined> {
  return new Promise((resolve) => {
    const listen = (message: FromWorker): void => {
      if (fits(message)) end(message);
    };
    const end = (message?: FromWorker): void => {
      worker.off('message', listen);
      worker.off('exit', gone);
      resolve(message);
    };
    const gone = (): void => end();
    worker.on('message', listen);
    worker.on('exit', gone);
  });
}

/** False where it takes too long. */
async function within(task: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), patience);
  });
  const inTime = await Promise.race([task.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}
