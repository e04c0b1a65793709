import { resolve } from 'node:path';
import { Tinypool } from 'tinypool';

/** What runs a test file in a process of jest-light-runner, whose modules stay loaded for the next one. */
const filename = new URL('./worker-runner.js', import.meta.resolve('jest-light-runner')).href;

/** What Node makes of modules is kept here for other processes and for the next run. */
const NODE_COMPILE_CACHE = resolve('node_modules/.cache/arzamed-devkit-tests');

/** Test files that start programs. */
const startsPrograms = /\/test\/(?:acceptance|attacks|certify|clients|console|docs|intercept|store)\//;

/**
 * Runs test files as jest-light-runner does, but each with a channel of its own to its process. There, all share one: the
 * first process that asks for its settings takes those of all, and one that asks later waits for ever.
 *
 * Every second process begins with the files that start programs, the others with those that do all by themselves: to
 * start a program takes a process several times as long once it has loaded much, and while one waits, the other computes.
 */
export default class {
  #globalConfig;

  constructor(globalConfig) {
    this.#globalConfig = globalConfig;
  }

  async runTests(tests, _watcher, onStart, onResult, onFailure) {
    const programs = tests.filter(({ path }) => startsPrograms.test(path));
    // The longest are at both ends.
    const waiting = [...programs, ...tests.filter((test) => !programs.includes(test)).toReversed()];
    const runAll = async (_worker, index) => {
      const pool = new Tinypool({
        filename,
        runtime: 'child_process',
        env: { NODE_COMPILE_CACHE, ...process.env },
        trackUnmanagedFds: false,
        minThreads: 1,
        maxThreads: 1,
      });
      const next = () => (index % 2 === 0 ? waiting.shift() : waiting.pop());
      for (let test = next(); test; test = next()) {
        await onStart(test);
        try {
          await onResult(test, await pool.run(test.path, { channel: this.#channel(test) }));
        } catch (error) {
          await onFailure(test, error);
        }
      }
      await pool.destroy();
    };
    await Promise.all(Array.from({ length: this.#globalConfig.maxWorkers }, runAll));
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
