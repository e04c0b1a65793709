import { expect, test } from '@jest/globals';
import { openProvider } from '../../../src/verify/provider/open-provider.ts';
import { verifyProvider } from '../../../src/verify/provider/verify-provider.ts';
import { readApi } from '../../../src/openapi/api.ts';
import { readContracts } from '../../../src/pact/read-contract.ts';
import { contractFrom, contractOf, jsonBody } from './support.ts';
import { shareVerifier } from '../../support/shared-verifier.ts';
import { startUsualMock } from '../../support/usual-mock.ts';

shareVerifier();

const files = ['contracts/arzamed-devkit-arzamed-api.json', 'contracts/arzamed-devkit-arzamed-token-endpoint.json'];
const contracts = await readContracts('contracts');

test('the mock is found to be one, and keeps every place of both contracts', async () => {
  await using mock = await startUsualMock();
  const provider = await openProvider({ url: mock.url, environment: {} });
  const verdicts = await verifyProvider({ provider, contracts });
  expect(verdicts.filter(({ result }) => result !== 'holds')).toEqual([]);
  expect(new Set(verdicts.map(({ interaction }) => interaction)).size).toBe(10);
  expect(verdicts).toContainEqual(
    expect.objectContaining({ contract: files[0], place: '$.response.body[*].name', result: 'holds' }),
  );
});

test('a state that the mock does not know is broken, with its message', async () => {
  await using mock = await startUsualMock();
  const provider = await openProvider({ url: mock.url, environment: {} });
  const contract = contractFrom(contractOf({ states: [{ name: 'a baerer token' }] }));
  expect(await verifyProvider({ provider, contracts: [contract] })).toMatchObject([
    {
      result: 'broken',
      rule: 'state',
      sentence: expect.stringMatching(/^The provider state "a baerer token" could not be set: .* 400 .*a bearer token/),
    },
  ]);
});

test('a mock for other machines is verified with its control token', async () => {
  await using mock = await startUsualMock({ controlToken: 'a-control-token' });
  const provider = await openProvider({ url: mock.url, environment: { ARZAMED_CONTROL_TOKEN: 'a-control-token' } });
  const verdicts = await verifyProvider({ provider, contracts });
  expect(verdicts.filter(({ result }) => result !== 'holds')).toEqual([]);
});

test('the base URL does as well as the URL, where the specification is known', async () => {
  await using mock = await startUsualMock();
  const api = await readApi('openapi/arzamed.yaml');
  const provider = await openProvider({ url: mock.baseUrl, api, environment: {} });
  expect(provider.url).toBe(mock.url);
});

test('a mock of another API keeps a contract with it, JSON bodies and forms alike', async () => {
  await using mock = await startUsualMock({ spec: 'test/other-api/ferries.yaml', clinics: 'test/other-api/clinics' });
  const states = [{ name: 'a bearer token', params: { clinic: 'baltic' } }];
  const header = { Authorization: { type: 'ProviderState', expression: 'Bearer ${accessToken}' } };
  const contract = contractOf(
    {
      description: 'sailings',
      states,
      request: {
        path: '/v2/sailings',
        query: { from: ['HEL'] },
        headers: { Authorization: ['Bearer x'] },
        generators: { header },
      },
      response: {
        body: jsonBody([{ ship: 'x' }]),
        matchingRules: {
          body: {
            '$[*].ship': { combine: 'AND', matchers: [{ match: 'type' }] },
            $: { combine: 'AND', matchers: [{ match: 'type', min: 1 }] },
          },
        },
      },
    },
    {
      description: 'a booking',
      states,
      request: {
        method: 'POST',
        path: '/v2/sailings/12/bookings',
        headers: { Authorization: ['Bearer x'], 'Content-Type': ['application/json'] },
        body: jsonBody({ passengers: 2 }),
        generators: { header },
      },
      response: { status: 201, headers: { Location: ['/v2/bookings/7'] } },
    },
    {
      description: 'a token',
      states: [{ name: 'a key', params: { clinic: 'nordic' } }],
      request: {
        method: 'POST',
        path: '/connect/token',
        headers: { Authorization: ['Basic x'], 'Content-Type': ['application/x-www-form-urlencoded'] },
        body: {
          content: 'grant_type=client_credentials',
          contentType: 'application/x-www-form-urlencoded',
          encoded: false,
        },
        generators: { header: { Authorization: { type: 'ProviderState', expression: '${basic}' } } },
      },
      response: { body: jsonBody({ expires_in: 900 }) },
    },
  );
  const provider = await openProvider({ url: mock.url, environment: {} });
  const verdicts = await verifyProvider({ provider, contracts: [contractFrom(contract)] });
  expect(verdicts.filter(({ result }) => result !== 'holds')).toEqual([]);
  expect(verdicts).toHaveLength(6);
});
