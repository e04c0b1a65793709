import { readContracts } from '../../src/contract/pact/read-contracts.ts';
import { checkGuarantees } from '../../src/contract/guarantee/check-guarantees.ts';
import { diffSpecifications } from '../../src/contract/diff/diff.ts';
import type { Outcome } from '../../src/contract/strength/measure.ts';
import { specificationNet, type Complaints } from '../../src/contract/strength/nets/specification-net.ts';
import { measureStrength } from '../../src/contract/strength/strength.ts';
import { operationTable } from '../../src/generated/control/operations.ts';
import { startMock } from '../../src/mock/index.ts';
import { readApi } from '../../src/spec/api.ts';
import { Progress } from './progress.ts';

const specification = 'openapi/arzamed.yaml';

/** Plays the mutants of the specification to our nets, with our mock as the faithful provider. */
export async function measureProvider(parallel: number): Promise<Outcome[]> {
  await using mock = await startMock();
  const api = await readApi(specification);
  const breaking: Complaints = (changed) =>
    diffSpecifications(api.document, changed)
      .filter(({ severity }) => severity === 'breaking')
      .map(({ rule, sentence }) => `${rule}: ${sentence}`);
  const contracts = await readContracts('contracts');
  const gaps: Complaints = (changed) =>
    checkGuarantees(changed, contracts)
      .filter(({ result }) => result === 'broken')
      .map(({ rule, sentence }) => `${rule}: ${sentence}`);
  const { serverPath, path } = operationTable.changeProviderState;
  const progress = new Progress('Mutants of the provider');
  return await measureStrength({
    api,
    contracts,
    nets: [
      await specificationNet('guarantee', api.document, gaps),
      await specificationNet('diff', api.document, breaking),
    ],
    provider: { url: mock.url, states: mock.url + serverPath + path },
    parallel,
    onOutcome: (_outcome, count) => progress.step(count),
  });
}
