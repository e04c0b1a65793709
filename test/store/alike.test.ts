import { once } from 'node:events';
import { get } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { createClient } from '@redis/client';
import { connectToRedis } from '../../src/mock/state/redis-store.ts';
import { hasRedis, memoryStore, startRedis } from '../support/redis.ts';
import { isLong } from '../support/runs.ts';
import { callAt, controlOf, startReplica, tokenFrom } from '../support/replicas.ts';

const first = { clinic: 'bianchi', clientId: 'bianchi-backend', clientSecret: 'not-a-secret-bianchi-backend' };

describe.each([
  ...(isLong ? [{ what: 'one process', isShared: false }] : []),
  { what: 'two replicas', isShared: true },
])('of $what', ({ isShared }) => {
  let one: Mock;
  let other: Mock;
  let told: object[];
  beforeEach(async () => {
    const store = isShared ? memoryStore() : undefined;
    told = [];
    const options = { onAnswer: (answered: object) => told.push(answered) };
    one = await startReplica(options, store);
    other = isShared ? await startReplica(options, store) : one;
  });
  afterEach(async () => {
    await one.close();
    if (isShared) await other.close();
  });

  test.each([
    ['a header', { headers: { 'X-Constant': 'yes' } }],
    ['random bytes', { delivery: 'garbage' as const }],
  ])(
    'requests that chance strikes are the same ones, also beside a constant fault of another operation: %s',
    async (_, constant) => {
      await controlOf(one).addFault({ body: { operationId: 'listDoctors', ...constant } });
      await controlOf(one).addFault({ body: { operationId: 'requestToken', status: 503, probability: 0.5 } });
      const { authorization } = await tokenFrom(one, first);
      let struck = '';
      for (let count = 0; count < 12; count += 1) {
        await callAt(one, authorization).catch(() => {});
        struck += (await tokenFrom(other, first)).status === 503 ? 'x' : '.';
      }
      expect(struck).toBe('x...x..x.xxx');
    },
  );

  test('a slow answer that the client does not wait for is broken', async () => {
    const { authorization } = await tokenFrom(one, first);
    await controlOf(one).addFault({ body: { delivery: 'slow' } });
    const request = get(`${other.url}/api/v1/equipe/doctors`, { headers: { authorization } });
    const [response] = await once(request, 'response');
    await once(response, 'data');
    expect(await controlOf(one).countJournal()).toMatchObject({ count: 1 });
    response.destroy();
    while ((await controlOf(one).countJournal()).count < 2) await new Promise((resolve) => setImmediate(resolve));
    const { entries } = await controlOf(one).readJournal();
    expect(entries.at(-1)).toMatchObject({ status: 200, broken: true, fault: 'fault-1' });
  });

  test.each([
    ['generated', {}],
    ['chosen', { clientSecret: 'geheim&lang' }],
  ])('a secret of a sandbox is in no text of another world: %s', async (kind, chosen) => {
    const { id } = await controlOf(one).createSandbox();
    const inSandbox = { url: `${one.url}/s/${id}` };
    // The other replica does not know the sandbox, or not what happens in it from now on.
    if (kind === 'chosen') await controlOf({ url: `${other.url}/s/${id}` }).listCredentials();
    const known = await controlOf(inSandbox).listCredentials();
    const made = await controlOf(inSandbox).issueKey({ body: { clinic: 'bianchi', clientId: 'own', ...chosen } });
    for (const secret of [made.clientSecret, known[0]?.keys[0]?.clientSecret ?? '']) {
      const forms = [encodeURIComponent(secret), Buffer.from(`own:${secret}`).toString('base64')];
      for (const form of forms) {
        await fetch(`${other.url}/api/v1/${form}?${form}=1`);
        await fetch(`${other.url}/_mock/keys/${encodeURIComponent(form)}/revoke`, { method: 'POST' });
        await sendUnreadable(other, form);
      }
      const { entries } = await controlOf(one).readJournal();
      const shown = JSON.stringify(entries) + JSON.stringify(told);
      expect(shown).toContain('[secret]');
      for (const form of [secret, ...forms]) expect(shown).not.toContain(form);
    }
  });
});

/** A request that is no HTTP; its answer comes when it is in the journal. */
async function sendUnreadable({ url }: Mock, path: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).end(`GET /${path} HTTP/9.9\r\n\r\n`);
  await once(socket.resume(), 'close');
}

const when = hasRedis ? test : test.skip;

when('a store is not away because this process was busy', async () => {
  await using redis = await startRedis();
  const store = await connectToRedis({ url: redis.url, prefix: 'test', mock: 'one', now: Date.now });
  const client = createClient({ url: redis.url }).on('error', () => {});
  await client.connect();
  // It takes some milliseconds; both commands leave when this process goes on.
  const slow = client.eval('for count = 1, 200000 do math.sqrt(count) end');
  const found = store.find('none');
  const until = performance.now() + 300;
  while (performance.now() < until);
  expect(await found).toBeUndefined();
  expect(store.isAway).toBe(false);
  await slow;
  client.destroy();
  await store.close();
});
