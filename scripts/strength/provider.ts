import { readContracts } from '../../src/pact/read-contract.ts';
import { measureContracts } from '../../src/verify/mutation/mutation-testing.ts';
import type { MutantOutcome } from '../../src/verify/mutation/measure.ts';
import { operationTable } from '../../src/generated/control/operations.ts';
import { startMock } from '../../src/mock/index.ts';
import { readApi } from '../../src/openapi/api.ts';
import type { TimeBudget } from './time-budget.ts';
import { Progress } from './progress.ts';

/** Plays the mutants of the specification to our nets, with our mock as the faithful provider. */
export async function measureProvider(parallel: number, clock: TimeBudget): Promise<MutantOutcome[]> {
  await using mock = await startMock();
  const { serverPath, path } = operationTable.changeProviderState;
  const progress = new Progress('Mutants of the provider');
  return await measureContracts({
    api: await readApi('openapi/arzamed.yaml'),
    contracts: await readContracts('contracts'),
    provider: { url: mock.url, states: mock.url + serverPath + path },
    parallel,
    mayGoOn: () => clock.mayGoOn(),
    onOutcome: (_outcome, count) => {
      clock.expect('provider', count);
      progress.step(count);
    },
  });
}
