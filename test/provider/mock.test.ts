// The verifier is that of pact-core: the one of @pact-foundation/pact puts a proxy before the provider, and that proxy
// turns a form into JSON without mending its Content-Length.
import pactCore from '@pact-foundation/pact-core';
import { expect, test } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startMock } from '../../src/mock/index.ts';

process.env['PACT_DO_NOT_TRACK'] = 'true';

const contracts = (await readdir('contracts')).filter((name) => name.endsWith('.json'));

test('there are contracts with the API and with the token endpoint', () => {
  expect(contracts).toEqual(['arzamed-devkit-arzamed-api.json', 'arzamed-devkit-arzamed-token-endpoint.json']);
});

test.each(contracts)('the mock keeps the contract %s', async (contract) => {
  await using mock = await startMock();
  await pactCore.default.verifyPacts({
    providerBaseUrl: mock.url,
    pactUrls: [join('contracts', contract)],
    providerStatesSetupUrl: `${mock.url}/_mock/provider-states`,
    providerStatesSetupBody: true,
    providerStatesSetupTeardown: true,
    logLevel: 'error',
  });
});
