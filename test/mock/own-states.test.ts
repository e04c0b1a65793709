// Provider states of one's own: a file names each, with the requests of the control API that set it up.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startMock, type Mock } from '../../src/mock/index.ts';
import { bearerOf } from '../support/http.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const file = `
a clinic without doctors:
  - replaceAnswer: { clinic: bianchi, operationId: listDoctors, body: [] }
the service is down twice:
  - addFault: { operationId: listDoctors, status: 503, count: 2 }
a key that was revoked an hour ago:
  - revokeKey: { clientId: bianchi-backend }
  - advanceClock: { hours: 1 }
`;
let mock: Mock;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder({ 'states.yaml': file });
  mock = await startMock({ providerStates: `${folder.path}/states.yaml` });
});
afterAll(async () => {
  await mock.close();
  await folder[Symbol.asyncDispose]();
});

async function setUp(state: string): Promise<[number, unknown]> {
  const response = await fetch(`${mock.url}/_mock/provider-states`, {
    method: 'POST',
    body: JSON.stringify({ state }),
  });
  const body: unknown = await response.json();
  return [response.status, body];
}

async function doctors(): Promise<[number, unknown]> {
  const response = await fetch(`${mock.baseUrl}/equipe/doctors`, {
    headers: { Authorization: await bearerOf(mock, 'bianchi', { scope: 'https://api.nextgen.arzamed.com/read' }) },
  });
  const body: unknown = await response.json();
  return [response.status, body];
}

test('a state replaces an answer', async () => {
  expect(await setUp('a clinic without doctors')).toEqual([200, {}]);
  expect(await doctors()).toEqual([200, []]);
  mock.reset();
});

test('a state sets faults', async () => {
  await setUp('the service is down twice');
  expect([(await doctors())[0], (await doctors())[0], (await doctors())[0]]).toEqual([503, 503, 200]);
  mock.reset();
});

test('a state is set up by several requests, in order', async () => {
  const before = mock.clock.now();
  await setUp('a key that was revoked an hour ago');
  expect(mock.clinics.flatMap(({ keys }) => keys).find(({ clientId }) => clientId === 'bianchi-backend')?.status).toBe(
    'revoked',
  );
  expect(mock.clock.now() - before).toBeGreaterThanOrEqual(3_600_000);
  mock.reset();
});

test('the own states of Pact stay, and an unknown state names all', async () => {
  expect((await setUp('a key'))[0]).toBe(200);
  expect(await setUp('no such state')).toEqual([
    400,
    { message: expect.stringContaining('"a key", "a bearer token"') },
  ]);
  expect(await setUp('no such state')).toEqual([
    400,
    { message: expect.stringContaining('"the service is down twice"') },
  ]);
});

describe('a file is refused', () => {
  test.each([
    ['that does not exist', undefined, 'ENOENT'],
    ['that is no YAML', 'a: [', ''],
    ['whose state is no list', 'a: {}', ':1'],
    ['with an unknown request', '\na:\n  - dropEverything: {}', ':3'],
    ['with a fault that cannot be', '\na:\n  - addFault: { status: 99 }', ':3'],
    ['without a parameter', '\na:\n  - revokeKey: {}', 'revokeKey needs clientId'],
  ])('%s', async (_name, text, expected) => {
    await using other = await temporaryFolder(text === undefined ? {} : { 'states.yaml': text });
    const started = startMock({ providerStates: `${other.path}/states.yaml` });
    await expect(started).rejects.toMatchObject({ code: 'states_invalid' });
    await expect(started).rejects.toThrow(expected);
  });
});
