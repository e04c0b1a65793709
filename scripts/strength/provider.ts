import { readContracts } from '../../src/contract/pact/read-contracts.ts';
import type { Outcome } from '../../src/contract/strength/measure.ts';
import { specificationNet } from '../../src/contract/strength/nets/specification-net.ts';
import { measureStrength } from '../../src/contract/strength/strength.ts';
import { operationTable } from '../../src/generated/control/operations.ts';
import { startMock } from '../../src/mock/index.ts';
import { readApi } from '../../src/spec/api.ts';
import { Progress } from './progress.ts';
import { breakingChanges } from './redocly-diff.ts';

const specification = 'openapi/arzamed.yaml';

/** Plays the mutants of the specification to our nets, with our mock as the faithful provider. */
export async function measureProvider(parallel: number): Promise<Outcome[]> {
  await using mock = await startMock();
  const api = await readApi(specification);
  const { serverPath, path } = operationTable.changeProviderState;
  const diff = await specificationNet('diff', api.document, (changed) => breakingChanges(api.document, changed));
  const progress = new Progress('Mutants of the provider');
  return await measureStrength({
    api,
    contracts: await readContracts('contracts'),
    provider: { url: mock.url, states: mock.url + serverPath + path },
    nets: [diff],
    parallel,
    onOutcome: (_outcome, count) => progress.step(count),
  });
}
