import { Tinypool } from 'tinypool';

/** What runs a test file in a process of jest-light-runner, whose modules stay loaded for the next one. */
const filename = new URL('./worker-runner.js', import.meta.resolve('jest-light-runner')).href;

/**
 * Runs test files as jest-light-runner does, but each with a channel of its own to its process. There, all share one: the
 * first process that asks for its settings takes those of all, and one that asks later waits for ever.
 */
export default class {
  #globalConfig;

  constructor(globalConfig) {
    this.#globalConfig = globalConfig;
  }

  async runTests(tests, _watcher, onStart, onResult, onFailure) {
    const { maxWorkers } = this.#globalConfig;
    const size = { minThreads: maxWorkers, maxThreads: maxWorkers };
    const pool = new Tinypool({
      filename,
      runtime: 'child_process',
      env: process.env,
      trackUnmanagedFds: false,
      ...size,
    });
    const waiting = [...tests];
    const runOneByOne = async () => {
      for (let test = waiting.shift(); test; test = waiting.shift()) {
        await onStart(test);
        try {
          await onResult(test, await pool.run(test.path, { channel: this.#channel(test) }));
        } catch (error) {
          await onFailure(test, error);
        }
      }
    };
    await Promise.all(Array.from({ length: maxWorkers }, runOneByOne));
    await pool.destroy();
  }

  #channel({ context }) {
    const workerData = { globalConfig: this.#globalConfig, projectConfig: context.config, runtime: 'child_process' };
    let send = () => {};
    return {
      onMessage: (listener) => (send = listener),
      postMessage: (message) => {
        if (message !== 'jest-light-runner-get-worker-data') return;
        send({ type: 'jest-light-runner-worker-data', workerData });
      },
    };
  }
}
