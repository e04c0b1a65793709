import { readContracts } from '../../src/pact/read-contract.ts';
import { measureContracts } from '../../src/verify/mutation/mutation-testing.ts';
import type { MutantOutcome } from '../../src/verify/mutation/measure.ts';
import { operationTable } from '../../src/generated/control/operations.ts';
import { startMock } from '../../src/mock/index.ts';
import { readApi } from '../../src/openapi/api.ts';

export interface Measured {
  outcomes: MutantOutcome[];
  /** How many mutants were not reached in time. */
  left: number;
}

/**
 * Plays the mutants of the specification to our nets, with our mock as the faithful provider.
 * @param seconds after which no mutant is begun.
 */
export async function measureProvider(parallel: number, seconds: number): Promise<Measured> {
  await using mock = await startMock();
  const { serverPath, path } = operationTable.changeProviderState;
  const end = performance.now() + seconds * 1000;
  let done = 0;
  let all = 0;
  const outcomes = await measureContracts({
    api: await readApi('openapi/arzamed.yaml'),
    contracts: await readContracts('contracts'),
    provider: { url: mock.url, states: mock.url + serverPath + path },
    parallel,
    mayGoOn: () => performance.now() < end,
    onOutcome: (_outcome, count) => {
      done += 1;
      all = count;
      showProgress(done, all);
    },
  });
  return { outcomes, left: all - outcomes.length };
}

/** A line of a terminal that counts; silent where stderr is none. */
function showProgress(done: number, all: number): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(done < all ? `\rMutants of the provider: ${done} of ${all}` : '\r\u001B[K');
}
