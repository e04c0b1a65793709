import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createClient as createRedisClient } from '@redis/client';
import type { Mock } from '../../src/mock/index.ts';
import { hasRedis, memoryStore, startRedis, type Redis } from '../support/redis.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { callAt, controlOf, startReplica, tokenFrom } from '../support/replicas.ts';
import { isLong } from '../support/runs.ts';

const later = isLong ? test : test.skip;

let redis: Redis | undefined;
beforeAll(async () => {
  if (hasRedis) redis = await startRedis();
});
afterAll(async () => {
  await redis?.[Symbol.asyncDispose]();
});

let prefixes = 0;
let replicas: Mock[];
let one: Mock;
let other: Mock;
let start: () => Promise<Mock>;
beforeEach(async () => {
  prefixes += 1;
  const store = redis ? undefined : memoryStore();
  const options = { store: redis?.url, storePrefix: `test-${prefixes}` };
  replicas = [];
  start = async () => {
    const mock = await startReplica(options, store);
    replicas.push(mock);
    return mock;
  };
  one = await start();
  other = await start();
});
afterEach(async () => {
  for (const each of replicas) await each.close();
});

async function keyAt(mock: { url: string }): Promise<{ clinic: string; clientId: string; clientSecret: string }> {
  const [first] = await controlOf(mock).listCredentials();
  const key = first?.keys.find(({ status }) => status === 'active');
  if (!first || !key) throw new Error('There is no active key.');
  return { ...key, clinic: first.clinic };
}

describe('two replicas of a mock', () => {
  test('take the tokens of each other', async () => {
    const key = await keyAt(one);
    const { status, authorization } = await tokenFrom(one, key);
    expect(status).toBe(200);
    expect([await callAt(one, authorization), await callAt(other, authorization)]).toEqual([200, 200]);
  });

  test('refuse a revoked key as soon as the control call is answered, also an answer that they repeat', async () => {
    const key = await keyAt(one);
    const { authorization } = await tokenFrom(one, key);
    for (let count = 0; count < 3; count += 1) expect(await callAt(other, authorization)).toBe(200);
    await controlOf(one).revokeKey({ path: { clientId: key.clientId } });
    expect(await callAt(other, authorization)).toBe(403);
    await controlOf(other).restoreKey({ path: { clientId: key.clientId } });
    expect(await callAt(one, authorization)).toBe(200);
  });

  test('make one key, whose secret both know', async () => {
    const { clinic } = await keyAt(one);
    const made = await controlOf(one).issueKey({ body: { clinic } });
    expect((await tokenFrom(other, { clinic, ...made })).status).toBe(200);
  });

  later(
    'strike by chance as one process does, and so does a replica that starts when the log has forgotten why',
    async () => {
      await using single = await startReplica({});
      const key = await keyAt(one);
      const alone = (await tokenFrom(single, key)).authorization;
      const { authorization } = await tokenFrom(one, key);
      for (const mock of [single, one]) {
        // Another operation's fault, which is never used up, must not keep the log from forgetting.
        await controlOf(mock).addFault({ body: { operationId: 'requestToken', status: 503, count: 1 } });
        await controlOf(mock).addFault({ body: { operationId: 'listDoctors', status: 500, probability: 0.3 } });
        await controlOf(mock).addFault({
          body: { operationId: 'listDoctors', status: 503, probability: 0.5, count: 1200 },
        });
        await controlOf(mock).addFault({
          body: { operationId: 'listDoctors', status: 429, probability: 0.01, count: 15 },
        });
      }
      const [expected, found]: number[][] = [[], []];
      const ask = async (mock: Mock): Promise<void> => {
        expected?.push(await callAt(single, alone));
        found?.push(await callAt(mock, authorization));
      };
      for (let count = 0; count < 1250; count += 1) for (const mock of [one, other]) await ask(mock);
      const third = await start();
      for (let count = 0; count < 50; count += 1) for (const mock of [third, other]) await ask(mock);
      expect(found).toEqual(expected);
      expect(await controlOf(third).listFaults()).toEqual(await controlOf(single).listFaults());
      if (!redis) return;
      const client = await createRedisClient({ url: redis.url }).connect();
      const [log = ''] = await client.keys(`test-${prefixes}:*{mock}:log`);
      expect(await client.xLen(log)).toBeLessThan(1200);
      client.destroy();
    },
  );

  test('strike with a fault as often as it counts', async () => {
    const key = await keyAt(one);
    const { authorization } = await tokenFrom(one, key);
    await controlOf(one).addFault({ body: { status: 503, count: 5 } });
    const statuses = await Promise.all(
      Array.from({ length: 20 }, (_, index) => callAt(index % 2 === 0 ? one : other, authorization)),
    );
    expect(statuses.filter((status) => status === 503)).toHaveLength(5);
    expect(await controlOf(other).listFaults()).toEqual([]);
  });

  test('write one journal, in one order, with each request once', async () => {
    const key = await keyAt(one);
    const { authorization } = await tokenFrom(one, key);
    await Promise.all(Array.from({ length: 40 }, (_, index) => callAt(index % 2 === 0 ? one : other, authorization)));
    const [atOne, atOther] = [await controlOf(one).readJournal(), await controlOf(other).readJournal()];
    expect(atOne.entries.map(({ id }) => id)).toEqual(Array.from({ length: 41 }, (_, index) => index + 1));
    expect(atOther).toEqual(atOne);
  });

  test('forget and count alike where the journal is cleared, and begin again at a reset', async () => {
    const key = await keyAt(one);
    const { authorization } = await tokenFrom(one, key);
    await controlOf(one).clearJournal();
    await callAt(other, authorization);
    expect((await controlOf(one).readJournal()).entries.map(({ id }) => id)).toEqual([2]);
    await controlOf(other).revokeKey({ path: { clientId: key.clientId } });
    await controlOf(other).reset();
    expect(await controlOf(one).countJournal()).toEqual({ count: 0, dropped: 0 });
    expect(await callAt(one, authorization)).toBe(200);
    expect((await controlOf(other).readJournal()).entries.map(({ id }) => id)).toEqual([1]);
  });

  test('find what only the whole traffic shows', async () => {
    const key = await keyAt(one);
    await tokenFrom(one, key);
    await tokenFrom(other, key);
    for (const each of [one, other]) {
      const { findings } = await controlOf(each).listFindings();
      expect(findings.map(({ id, times }) => [id, times])).toContainEqual(['token-not-cached', 1]);
    }
  });

  test('stream what the other answers', async () => {
    const response = await fetch(`${one.url}/_mock/journal/stream`);
    const { authorization } = await tokenFrom(other, await keyAt(other));
    await callAt(other, authorization);
    let read = '';
    for await (const part of response.body ?? []) {
      read += Buffer.from(part).toString();
      if (read.includes('id: 2')) break;
    }
    expect(read.match(/^id: \d+/gm)).toEqual(['id: 1', 'id: 2']);
  });

  test('sign with one new key after a rotation, also one that starts later and after a reset', async () => {
    const key = await keyAt(one);
    const before = await tokenFrom(one, key);
    const { kid } = await controlOf(other).rotateSigningKeys();
    const { authorization } = await tokenFrom(one, key);
    expect(Buffer.from(authorization.slice(7).split('.')[0] ?? '', 'base64url').toString()).toContain(kid);
    await controlOf(one).reset();
    const third = await start();
    for (const each of [one, other, third]) {
      expect([await callAt(each, authorization), await callAt(each, before.authorization)]).toEqual([200, 200]);
    }
  });

  test('have one clock', async () => {
    await controlOf(one).setClock({ body: { now: '2030-01-01T00:00:00Z' } });
    const { now } = await controlOf(other).getClock();
    expect(Date.parse(now) - Date.parse('2030-01-01T00:00:00Z')).toBeLessThan(5000);
    const { authorization } = await tokenFrom(other, await keyAt(one));
    await controlOf(other).advanceClock({ body: { days: 1 } });
    expect(await callAt(one, authorization)).toBe(401);
  });

  test('are told by a replica that starts later what happened before', async () => {
    const key = await keyAt(one);
    const { authorization } = await tokenFrom(one, key);
    await controlOf(one).revokeKey({ path: { clientId: key.clientId } });
    const third = await start();
    expect(await callAt(third, authorization)).toBe(403);
    expect(await controlOf(third).readJournal()).toEqual(await controlOf(one).readJournal());
  });

  test('share sandboxes, which end once and for all', async () => {
    const { id } = await controlOf(one).createSandbox();
    const [here, there] = [one, other].map(({ url }) => ({ url: `${url}/s/${id}` }));
    if (!here || !there) throw new Error('There are two.');
    const key = await keyAt(here);
    expect(await keyAt(there)).toEqual(key);
    const { authorization } = await tokenFrom(here, key);
    expect(await callAt(there, authorization)).toBe(200);
    expect(await callAt(other, authorization)).toBe(401);
    expect((await controlOf(other).listSandboxes()).map((each) => each.id)).toEqual([id]);
    await controlOf(other).endSandbox({ path: { sandboxId: id } });
    expect(await callAt(here, authorization)).toBe(404);
    await expect(controlOf(one).endSandbox({ path: { sandboxId: id } })).rejects.toThrow('404');
  });

  later(
    'keep no sandbox that the other has ended',
    async () => {
      const { id } = await controlOf(one).createSandbox();
      await keyAt({ url: `${other.url}/s/${id}` });
      expect(other.sandboxes.list()).toHaveLength(1);
      await controlOf(one).endSandbox({ path: { sandboxId: id } });
      while (other.sandboxes.list().length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
      expect((await fetch(`${other.url}/s/${id}/_mock/health`)).status).toBe(404);
    },
    20_000,
  );
  test('make a sandbox of a chosen id once', async () => {
    const query = { id: '0f8fad5b-d9cb-469f-a165-70867728950e' };
    expect(await controlOf(one).createSandbox({ query })).toMatchObject(query);
    await expect(controlOf(other).createSandbox({ query })).rejects.toThrow('409');
  });

  test('say that a secret is that of a sandbox of the other', async () => {
    const { id } = await controlOf(one).createSandbox();
    const { body } = await tokenFrom(other, await keyAt({ url: `${one.url}/s/${id}` }));
    expect(body).toContain('another sandbox');
  });

  test('set up provider states for each other', async () => {
    const state = { state: 'the next answer', params: { operationId: 'getDoctors', status: 503 } };
    const operationId = await doctorsOf(one);
    const { authorization } = await tokenFrom(one, await keyAt(one));
    const params = { ...state.params, operationId };
    await controlOf(one).changeProviderState({ body: { ...state, params, action: 'setup' } });
    expect([await callAt(other, authorization), await callAt(one, authorization)]).toEqual([503, 200]);
  });

  test('carry out the steps of a scenario once', async () => {
    const [scenario] = await controlOf(one).listScenarios();
    if (!scenario) throw new Error('There is no scenario.');
    await controlOf(one).startScenario({ path: { scenario: scenario.name } });
    await controlOf(one).advanceClock({ body: { days: 2 } });
    const lists = await Promise.all([one, other, one].map((each) => controlOf(each).listScenarios()));
    const shown = lists.map((list) => list.find(({ name }) => name === scenario.name));
    expect(shown[1]).toEqual(shown[0]);
    expect(shown[0]?.steps.every(({ done }) => done)).toBe(true);
    expect(await controlOf(other).listFaults()).toEqual(await controlOf(one).listFaults());
  });

  test('are controlled by the control API alone', async () => {
    const key = await keyAt(one);
    expect(() => one.keys.revoke(key.clientId)).toThrow('With a store, use the control API');
    expect(() => one.clock.advance({ days: 1 })).toThrow('With a store');
    expect(() => one.reset()).toThrow('With a store');
    expect(() => one.sandboxes.create()).toThrow('With a store');
    expect(() => one.journal.clear()).toThrow('With a store');
    expect(one.clinics).toEqual(await controlOf(other).listCredentials());
  });
});

test('replicas add, change and remove the items of a collection alike', async () => {
  const depot = {
    type: 'object',
    required: ['name'],
    properties: { id: { type: 'integer', readOnly: true }, name: { type: 'string' } },
  };
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Depot' } } };
  const depots = { 'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/Depot' } } } };
  const parameters = [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }];
  const removed = { 204: { description: 'Gone.' } };
  const spec = {
    openapi: '3.0.3',
    info: { title: 'Depots', version: '1' },
    paths: {
      '/depots': {
        get: { operationId: 'listDepots', responses: { 200: { description: 'All.', content: depots } } },
        post: {
          operationId: 'addDepot',
          requestBody: { content },
          responses: { 201: { description: 'Added.', content } },
        },
      },
      '/depots/{id}': { delete: { operationId: 'removeDepot', parameters, responses: removed } },
    },
    components: { schemas: { Depot: depot } },
  };
  const keys = [{ clientId: 'depots', clientSecret: 'not-a-secret', status: 'active' }];
  const north = { name: 'One', keys, collections: { '/depots': [{ id: 1, name: 'North' }] } };
  await using folder = await temporaryFolder({
    'spec.json': JSON.stringify(spec),
    'clinics/one.json': JSON.stringify(north),
  });
  const store = redis ? undefined : memoryStore();
  const files = { spec: `${folder.path}/spec.json`, clinics: `${folder.path}/clinics` };
  const options = { ...files, store: redis?.url, storePrefix: 'depots' };
  await using here = await startReplica(options, store);
  await using there = await startReplica(options, store);
  const add = async ({ url }: Mock, name: string): Promise<unknown> => {
    const headers = { 'Content-Type': 'application/json' };
    const response = await fetch(`${url}/depots`, { method: 'POST', headers, body: JSON.stringify({ name }) });
    return [response.status, await response.json()];
  };
  expect(await add(here, 'South')).toEqual([201, { id: 2, name: 'South' }]);
  expect(await add(there, 'East')).toEqual([201, { id: 3, name: 'East' }]);
  expect((await fetch(`${there.url}/depots/1`, { method: 'DELETE' })).status).toBe(204);
  const added = await Promise.all([here, there, here, there].map((each) => add(each, 'West')));
  expect(new Set(added.map((each) => JSON.stringify(each))).size).toBe(4);
  const [one, other] = await Promise.all([here, there].map(async ({ url }) => (await fetch(`${url}/depots`)).json()));
  expect(one).toHaveLength(6);
  expect(other).toEqual(one);
});

async function doctorsOf(mock: Mock): Promise<string> {
  const { authorization } = await tokenFrom(mock, await keyAt(mock));
  await callAt(mock, authorization);
  const { entries } = await controlOf(mock).readJournal();
  return entries.at(-1)?.operationId ?? '';
}
