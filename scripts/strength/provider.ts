import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Contract } from '../../src/contract/provider/verify-provider.ts';
import type { Outcome } from '../../src/contract/strength/measure.ts';
import { measureStrength } from '../../src/contract/strength/strength.ts';
import { operationTable } from '../../src/generated/control/operations.ts';
import { startMock } from '../../src/mock/index.ts';
import { readApi } from '../../src/spec/api.ts';
import { Progress } from './progress.ts';

const specification = 'openapi/arzamed.yaml';
const folder = 'contracts';

/** Plays the mutants of the specification to our nets, with our mock as the faithful provider. */
export async function measureProvider(parallel: number): Promise<Outcome[]> {
  await using mock = await startMock();
  const api = await readApi(specification);
  const { serverPath, path } = operationTable.changeProviderState;
  const progress = new Progress('Mutants of the provider');
  return await measureStrength({
    api,
    contracts: await readContracts(),
    provider: { url: mock.url, states: mock.url + serverPath + path },
    parallel,
    onOutcome: (_outcome, count) => progress.step(count),
  });
}

async function readContracts(): Promise<Contract[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  return Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      return { file, content: JSON.parse(await readFile(file, 'utf8')) as unknown };
    }),
  );
}
