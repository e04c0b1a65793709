import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createClient } from '@redis/client';
import type { Mock } from '../../src/mock/index.ts';
import { hasRedis, startRedis, type Redis } from '../support/redis.ts';
import { isLong, soon } from '../support/runs.ts';
import { callAt, controlOf, startReplica, tokenFrom } from '../support/replicas.ts';

const when = hasRedis ? describe : describe.skip;
const later = isLong ? test : test.skip;

when('while the store of a mock', () => {
  let redis: Redis;
  let mock: Mock;
  let warned: string[];
  beforeEach(async () => {
    redis = await startRedis();
    warned = [];
    mock = await startReplica({ store: redis.url }, undefined, (sentence) => warned.push(sentence));
  });
  afterEach(async () => {
    process.kill(redis.pid, 'SIGCONT');
    await mock.close();
    await redis[Symbol.asyncDispose]();
  });

  async function key(): Promise<{ clinic: string; clientId: string; clientSecret: string }> {
    const [first] = await controlOf(mock).listCredentials();
    const active = first?.keys.find(({ status }) => status === 'active');
    if (!first || !active) throw new Error('There is no active key.');
    return { ...active, clinic: first.clinic };
  }

  async function until(isSo: () => Promise<boolean>): Promise<void> {
    while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  async function at(path: string, method = 'GET'): Promise<Response> {
    return fetch(`${mock.url}${path}`, { method });
  }

  test('hangs, all is answered with 503 soon, and it goes on when the store does', async () => {
    const known = await key();
    const { authorization } = await tokenFrom(mock, known);
    expect(await callAt(mock, authorization)).toBe(200);
    process.kill(redis.pid, 'SIGSTOP');
    const began = performance.now();
    expect(await callAt(mock, authorization)).toBe(503);
    expect(performance.now() - began).toBeLessThan(soon);
    const refused = await at('/_mock/reset', 'POST');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect((await at('/_mock/health')).status).toBe(503);
    const { status, body } = await tokenFrom(mock, known);
    // So long that the connection is given up.
    if (isLong) await new Promise((resolve) => setTimeout(resolve, 3000));
    expect([status, JSON.parse(body)]).toMatchObject([503, { error: 'temporarily_unavailable' }]);
    process.kill(redis.pid, 'SIGCONT');
    await until(async () => (await at('/_mock/health')).status === 200);
    expect(await callAt(mock, authorization)).toBe(200);
    if (!isLong) return;
    await until(async () => warned.length > 1);
    expect(warned).toEqual(['The store does not answer: requests get 503.', 'The store answers again.']);
  });

  later('was lost, it begins again with a new world as soon as the store is there, and says so once', async () => {
    const known = await key();
    const { authorization } = await tokenFrom(mock, known);
    await controlOf(mock).revokeKey({ path: { clientId: known.clientId } });
    await redis[Symbol.asyncDispose]();
    expect(await callAt(mock, authorization)).toBe(503);
    redis = await startRedis(redis.port);
    await until(async () => (await at('/_mock/health')).status === 200);
    expect(await callAt(mock, authorization)).toBe(200);
    expect((await controlOf(mock).readJournal()).entries.map(({ id }) => id)).toEqual([1]);
    expect(warned.filter((each) => each.includes('emptied'))).toEqual([
      'The store was emptied: the mock begins again, with a new world.',
    ]);
  });

  later('was emptied, a replica that starts later takes the tokens of one that goes on, and gives such', async () => {
    const known = await key();
    // It signs with the key of the first, which ends, and not with its own.
    await using second = await startReplica({ store: redis.url });
    await mock.close();
    await redis[Symbol.asyncDispose]();
    redis = await startRedis(redis.port);
    mock = second;
    await until(async () => (await at('/_mock/health')).status === 200);
    await using third = await startReplica({ store: redis.url });
    for (const [giving, taking] of [[second, third] as const, [third, second] as const]) {
      expect(await callAt(taking, (await tokenFrom(giving, known)).authorization)).toBe(200);
    }
  });

  later('is another after it was emptied and a new replica was first, those that go on take its key', async () => {
    const known = await key();
    await redis[Symbol.asyncDispose]();
    redis = await startRedis(redis.port);
    await using first = await startReplica({ store: redis.url });
    await until(async () => (await at('/_mock/health')).status === 200);
    const { id, clinics } = await controlOf(mock).createSandbox();
    const own = { ...known, ...clinics[0]?.keys[0] };
    for (const [giving, taking] of [[first, mock] as const, [mock, first] as const]) {
      expect(await callAt(taking, (await tokenFrom(giving, known)).authorization)).toBe(200);
      const sandbox = { url: `${giving.url}/s/${id}` };
      const { authorization } = await tokenFrom(sandbox, own);
      expect(await callAt({ url: `${taking.url}/s/${id}` }, authorization)).toBe(200);
    }
  });

  test('has what no mock wrote, it stays up and passes that over', async () => {
    const client = await createClient({ url: redis.url }).connect();
    const [world = ''] = await client.keys('*:{mock}:world');
    const [log, journal] = [world.replace(/world$/, 'log'), world.replace(/world$/, 'journal')];
    const [epoch, newest] = await client.hmGet(world, ['epoch', 'newest']);
    const entry = '{"answered":{"method":1,"__proto__":{"path":"x"}},"seen":[]}';
    const change = '{"at":"never","action":{"kind":"control","operation":"__proto__"}}';
    await client.xAdd(log, `0-${Number(epoch) + 1}`, { change, after: newest ?? '0' });
    await client.xAdd(journal, `0-${Number(newest) + 1}`, { entry });
    await client.hSet(world, { epoch: Number(epoch) + 1, newest: Number(newest) + 1 });
    const { authorization } = await tokenFrom(mock, await key());
    expect(await callAt(mock, authorization)).toBe(200);
    expect((await controlOf(mock).readJournal()).entries.map(({ id }) => id)).toEqual([2, 3]);
    await client.hSet(world, { epoch: 'x'.repeat(1000) });
    expect(await callAt(mock, authorization)).toBe(503);
    client.destroy();
  });

  later('asks for a password, it comes from the environment, and no message has it', async () => {
    const guarded = await startRedis(undefined, '--requirepass', 'geheim');
    try {
      const url = guarded.url.replace('//', '//:falsch@');
      await expect(startReplica({ store: url })).rejects.toThrow('The store cannot be used.');
      await expect(startReplica({ store: url })).rejects.not.toThrow('falsch');
      process.env['ARZAMED_STORE_PASSWORD'] = 'geheim';
      await using replica = await startReplica({ store: guarded.url });
      expect((await fetch(`${replica.url}/_mock/health`)).status).toBe(200);
    } finally {
      delete process.env['ARZAMED_STORE_PASSWORD'];
      await guarded[Symbol.asyncDispose]();
    }
  });
});
