import Runner from 'jest-light-runner/child-process';

/**
 * The light runner, whose processes share one channel: the first that asks for its settings takes those of all, and one
 * that asks later waits for ever. Here each test file has a channel of its own.
 */
export default class extends Runner {
  constructor(globalConfig, ...rest) {
    super(globalConfig, ...rest);
    this._testRunners = new Pools(globalConfig);
  }
}

class Pools extends Map {
  #globalConfig;

  constructor(globalConfig) {
    super();
    this.#globalConfig = globalConfig;
  }

  set(projectConfig, { pool }) {
    const workerData = { globalConfig: this.#globalConfig, projectConfig, runtime: 'child_process' };
    return super.set(projectConfig, { pool, run: ({ path }) => pool.run(path, { channel: channelFor(workerData) }) });
  }
}

function channelFor(workerData) {
  let send = () => {};
  return {
    onMessage: (listener) => (send = listener),
    postMessage: (message) => {
      if (message === 'jest-light-runner-get-worker-data') send({ type: 'jest-light-runner-worker-data', workerData });
    },
  };
}
