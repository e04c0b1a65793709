import { expect, test } from '@jest/globals';
import { checkConformance } from '../../../src/verify/conformance/check-conformance.ts';
import { openProvider } from '../../../src/verify/provider/open-provider.ts';
import type { Verdict } from '../../../src/verify/verdict.ts';
import type { MockOptions } from '../../../src/mock/index.ts';
import { readApi } from '../../../src/openapi/api.ts';
import { runs } from '../../support/runs.ts';
import { startUsualMock } from '../../support/usual-mock.ts';

async function check(options: MockOptions, seed: number): Promise<{ verdicts: Verdict[]; requests: string[] }> {
  await using mock = await startUsualMock(options);
  const api = await readApi(options.spec ?? 'openapi/arzamed.yaml');
  const provider = await openProvider({ url: mock.url, api, environment: {} });
  const verdicts = await checkConformance({ provider, api, seed });
  const entries = mock.journal.find({});
  return { verdicts, requests: entries.map(({ method, path, status }) => `${method} ${path} ${status}`) };
}

const ferries = { spec: 'test/other-api/ferries.yaml', clinics: 'test/other-api/clinics' };

test.each([
  ['the mock', {}],
  ['a mock of another API', ferries],
  ['a mock that answers as Amazon Cognito does', { errorStyle: 'cognito' as const }],
])('%s conforms in everything that is tried', async (_name, options) => {
  for (let seed = 1; seed <= runs(1, 3); seed += 1) {
    const { verdicts } = await check(options, seed);
    expect(verdicts.filter(({ result }) => result !== 'holds')).toEqual([]);
    expect(verdicts.length).toBeGreaterThan(20);
  }
});

test('the same seed makes the same requests, another one makes others', async () => {
  const [once, again, other] = [await check(ferries, 7), await check(ferries, 7), await check(ferries, 8)];
  expect(once.requests.length).toBeGreaterThan(50);
  expect(again.requests).toEqual(once.requests);
  expect(other.requests).not.toEqual(once.requests);
});
