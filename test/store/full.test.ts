import { expect, test } from '@jest/globals';
import { memoryStore } from '../support/redis.ts';
import { callAt, controlOf, startReplica, tokenFrom } from '../support/replicas.ts';

test('a store that takes no more changes is told, and a reset makes it good', async () => {
  const store = memoryStore();
  let isFull = false;
  const mock = await startReplica(
    {},
    {
      ...store,
      commit: async (world, id, commit, bounds) =>
        isFull && commit.change?.effect === '' ? 'full' : store.commit(world, id, commit, bounds),
    },
  );
  try {
    const key = { clinic: 'bianchi', clientId: 'bianchi-backend', clientSecret: 'not-a-secret-bianchi-backend' };
    const { authorization } = await tokenFrom(mock, key);
    await controlOf(mock).addFault({ body: { operationId: 'listDoctors', status: 500, count: 1 } });
    await controlOf(mock).startScenario({ path: { scenario: 'key-revoked' } });
    isFull = true;
    expect((await tokenFrom(mock, key)).status).toBe(200);
    const refused = await fetch(`${mock.url}/api/v1/equipe/doctors`, { headers: { authorization } });
    expect([refused.status, await refused.text()]).toEqual([503, expect.stringContaining('reset the mock')]);
    const body = JSON.stringify({ status: 503 });
    const asked = await fetch(`${mock.url}/_mock/faults`, { method: 'POST', body });
    expect([asked.status, await asked.text()]).toEqual([429, expect.stringContaining('reset the mock')]);
    expect(await controlOf(mock).listFaults()).toHaveLength(1);
    isFull = false;
    await controlOf(mock).advanceClock({ body: { minutes: 10 } });
    isFull = true;
    // The step of the scenario is due.
    expect((await tokenFrom(mock, key)).status).toBe(503);
    await controlOf(mock).reset();
    expect(await callAt(mock, authorization)).toBe(200);
  } finally {
    await mock.close();
  }
});
