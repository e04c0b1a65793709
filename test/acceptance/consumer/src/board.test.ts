import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createClient, type Client } from 'arzamed-devkit';
import { startMock, type Mock, type MockSandbox } from 'arzamed-devkit/mock';
import { board } from './board.ts';

let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
afterAll(() => mock.close());

function clientOf({ clinics, baseUrl, clock }: MockSandbox): Client {
  const clinic = clinics.find((each) => each.clinic === 'bianchi');
  const [key] = clinic?.keys ?? [];
  if (!clinic || !key) throw new Error('The mock does not play this clinic.');
  const { tokenUrl } = clinic;
  return createClient({ tokenUrl, ...key, baseUrl, now: () => clock.now(), sleep: async () => {} });
}

test('shows a doctor without a photo by name alone', async () => {
  await using sandbox = mock.sandboxes.create();
  expect(await board(clientOf(sandbox))).toContain('Dr. Sofia Ricci');
});

test('is there again after a short failure', async () => {
  await using sandbox = mock.sandboxes.create();
  sandbox.faults.add({ operationId: 'listDoctors', status: 503, count: 2 });
  expect(await board(clientOf(sandbox))).toHaveLength(3);
  expect(sandbox.journal.count({ status: 503 })).toBe(2);
});

test('goes on when the token has expired', async () => {
  await using sandbox = mock.sandboxes.create();
  const client = clientOf(sandbox);
  await board(client);
  sandbox.clock.advance({ hours: 2 });
  expect(await board(client)).toHaveLength(3);
});
