import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { openProvider } from '../../../src/contract/provider/open-provider.ts';
import { verifyProvider, type Contract } from '../../../src/contract/provider/verify-provider.ts';
import { readApi } from '../../../src/spec/api.ts';
import { startMock } from '../../../src/mock/index.ts';

const files = ['contracts/arzamed-devkit-arzamed-api.json', 'contracts/arzamed-devkit-arzamed-token-endpoint.json'];
const contracts = await Promise.all(
  files.map(async (file): Promise<Contract> => ({ file, content: JSON.parse(await readFile(file, 'utf8')) })),
);

test('the mock is found to be one, and keeps every place of both contracts', async () => {
  await using mock = await startMock();
  const provider = await openProvider({ url: mock.url, environment: {} });
  const verdicts = await verifyProvider({ provider, contracts });
  expect(verdicts.filter(({ result }) => result !== 'holds')).toEqual([]);
  expect(new Set(verdicts.map(({ interaction }) => interaction)).size).toBe(10);
  expect(verdicts).toContainEqual(
    expect.objectContaining({ contract: files[0], place: '$.response.body[*].name', result: 'holds' }),
  );
});

test('a mock for other machines is verified with its control token', async () => {
  await using mock = await startMock({ controlToken: 'a-control-token' });
  const provider = await openProvider({ url: mock.url, environment: { ARZAMED_CONTROL_TOKEN: 'a-control-token' } });
  const verdicts = await verifyProvider({ provider, contracts });
  expect(verdicts.filter(({ result }) => result !== 'holds')).toEqual([]);
});

test('the base URL does as well as the URL, where the specification is known', async () => {
  await using mock = await startMock();
  const api = await readApi('openapi/arzamed.yaml');
  const provider = await openProvider({ url: mock.baseUrl, api, environment: {} });
  expect(provider.url).toBe(mock.url);
});
