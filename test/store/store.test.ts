import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createClient } from '@redis/client';
import { connectToRedis } from '../../src/mock/state/redis-store.ts';
import type { Made, Store } from '../../src/mock/state/store.ts';
import { hasRedis, memoryStore, startRedis, type Redis } from '../support/redis.ts';
import { isLong } from '../support/runs.ts';

const bounds = { idle: undefined, entries: 100 };
const made = (id: string): Made => ({ id, at: 1000, settings: '{}' });
const changed = (text: string, effect: 'reset' | 'clear' | '' = ''): { text: string; effect: typeof effect } => ({
  text,
  effect,
});

let redis: Redis | undefined;
let inRedis: Store | undefined;
beforeAll(async () => {
  if (!hasRedis) return;
  redis = await startRedis();
  inRedis = await connectToRedis({ url: redis.url, prefix: 'test', mock: 'one', now: Date.now, patience: 10_000 });
});
afterAll(async () => {
  await inRedis?.close();
  await redis?.[Symbol.asyncDispose]();
});

const inMemory = memoryStore();
let worlds = 0;

describe.each([
  { kind: 'in memory', isThere: true, storeOf: () => inMemory },
  { kind: 'in Redis', isThere: hasRedis, storeOf: () => inRedis ?? inMemory },
])('a store $kind', ({ isThere, storeOf }) => {
  const when = isThere ? test : test.skip;
  const begin = async (): Promise<{ store: Store; world: string }> => {
    worlds += 1;
    const world = `world-${worlds}`;
    await storeOf().make(world, made('first'), undefined, 10);
    return { store: storeOf(), world };
  };

  when('makes a world once', async () => {
    const { store, world } = await begin();
    expect(await store.make(world, made('second'), undefined, 10)).toEqual(made('first'));
    expect(await store.find(world)).toEqual(made('first'));
    expect(await store.find('another')).toBeUndefined();
  });

  when('appends changes and entries in one order', async () => {
    const { store, world } = await begin();
    expect(await store.commit(world, 'first', { epoch: 0, entries: ['a', 'b'] }, bounds)).toEqual({
      epoch: 0,
      newest: 2,
    });
    const both = { epoch: 0, change: changed('one'), entries: ['c'] };
    expect(await store.commit(world, 'first', both, bounds)).toEqual({ epoch: 1, newest: 3 });
    expect(await store.since(world, 'first', 0, 1)).toEqual({
      epoch: 1,
      newest: 3,
      changes: [{ epoch: 1, after: 2, change: 'one' }],
      entries: [
        [2, 'b'],
        [3, 'c'],
      ],
    });
  });

  when('refuses what was worked out before a change', async () => {
    const { store, world } = await begin();
    await store.commit(world, 'first', { epoch: 0, change: changed('one'), entries: [] }, bounds);
    expect(await store.commit(world, 'first', { epoch: 0, entries: ['late'] }, bounds)).toBe('stale');
    expect(await store.since(world, 'first', 1, 0)).toEqual({ epoch: 1, newest: 0, changes: [], entries: [] });
  });

  when('tells that a world was ended, and made again', async () => {
    const { store, world } = await begin();
    expect(await store.end(world)).toBe(true);
    expect(await store.end(world)).toBe(false);
    expect(await store.commit(world, 'first', { epoch: 0, entries: [] }, bounds)).toBe('gone');
    await store.make(world, made('second'), undefined, 10);
    expect(await store.since(world, 'first', 0, 0)).toBe('gone');
  });

  when('forgets at a reset all before it, and counts entries from 1', async () => {
    const { store, world } = await begin();
    await store.commit(world, 'first', { epoch: 0, change: changed('one'), entries: ['a'] }, bounds);
    await store.commit(world, 'first', { epoch: 1, change: changed('two', 'reset'), entries: [] }, bounds);
    await store.commit(world, 'first', { epoch: 2, entries: ['b'] }, bounds);
    const news = await store.since(world, 'first', 0, 0);
    expect(news).toEqual({
      epoch: 2,
      newest: 1,
      changes: [{ epoch: 2, after: 0, change: 'two' }],
      entries: [[1, 'b']],
    });
  });

  when('forgets entries and goes on counting where the journal is cleared', async () => {
    const { store, world } = await begin();
    await store.commit(world, 'first', { epoch: 0, entries: ['a'] }, bounds);
    await store.commit(world, 'first', { epoch: 0, change: changed('one', 'clear'), entries: ['b'] }, bounds);
    expect(await store.since(world, 'first', 1, 0)).toMatchObject({ newest: 2, entries: [[2, 'b']] });
  });

  when('lists worlds that end when they are idle, and makes no more than it may', async () => {
    const { store, world } = await begin();
    await store.make(`${world}-a`, made('a'), 60_000, 1);
    expect(await store.make(`${world}-b`, made('b'), 60_000, 1)).toBeUndefined();
    expect(await store.list()).toEqual([`${world}-a`]);
    await store.end(`${world}-a`);
    expect(await store.list()).toEqual([]);
  });

  when('keeps the first of several secrets of one name', async () => {
    const { store, world } = await begin();
    expect(await store.secret(world, 'key')).toBeUndefined();
    expect(await store.keep(world, 'key', 'one')).toBe('one');
    expect(await store.keep(world, 'key', 'two')).toBe('one');
    expect(await store.secret(world, 'key')).toBe('one');
  });
});

const long = hasRedis && isLong ? test : test.skip;

long(
  'a store in Redis keeps about so many characters, however many entries those are',
  async () => {
    const store = inRedis ?? inMemory;
    await store.make('large', made('first'), undefined, 10);
    const entry = 'x'.repeat(500_000);
    for (let count = 0; count < 600; count += 1) {
      await store.commit('large', 'first', { epoch: 0, entries: [entry] }, { ...bounds, entries: 10_000 });
    }
    const news = await store.since('large', 'first', 0, 599);
    expect(news).toMatchObject({ newest: 600 });
    const client = await createClient({ url: redis?.url ?? '' }).connect();
    const [journal = ''] = await client.keys('*:{large}:journal');
    expect((await client.xLen(journal)) * entry.length).toBeLessThan(150_000_000);
    client.destroy();
    let epoch = 0;
    for (;;) {
      const done = await store.commit('large', 'first', { epoch, change: changed(entry), entries: [] }, bounds);
      if (done === 'full') break;
      epoch += 1;
    }
    expect(epoch * entry.length).toBe(200_000_000);
    expect(
      await store.commit('large', 'first', { epoch, change: changed('reset', 'reset'), entries: [] }, bounds),
    ).toEqual({
      epoch: epoch + 1,
      newest: 0,
    });
  },
  60_000,
);

test('a URL of something else is refused, without its password', async () => {
  const refused = connectToRedis({ url: 'http://user:geheim@127.0.0.1:1', prefix: 'test', mock: 'one', now: Date.now });
  await expect(refused).rejects.toThrow('The store cannot be used.');
  await expect(refused).rejects.not.toThrow('geheim');
});
