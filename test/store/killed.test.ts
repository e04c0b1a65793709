import { expect, test } from '@jest/globals';
import { hasRedis, startRedis } from '../support/redis.ts';
import { callAt, controlOf, startProcess, tokenFrom } from '../support/replicas.ts';
import { isLong } from '../support/runs.ts';

const when = hasRedis && isLong ? test : test.skip;

when('what a replica answered is in the journal of the others after it is killed', async () => {
  await using redis = await startRedis();
  const all = await Promise.all([1, 2, 3].map(() => startProcess('--store', redis.url)));
  const [one, two, three] = all;
  if (!one || !two || !three) throw new Error('There are three.');
  try {
    const [first] = await controlOf(one).listCredentials();
    const key = first?.keys.find(({ status }) => status === 'active');
    if (!first || !key) throw new Error('There is no active key.');
    const { authorization } = await tokenFrom(two, { ...key, clinic: first.clinic });
    let answered = 1;
    const call = async (replica: { url: string }): Promise<void> => {
      if ((await callAt(replica, authorization)) === 200) answered += 1;
    };
    const until = performance.now() + 1000;
    const load = [one, two, three, one, two, three].map(async (replica) => {
      while (performance.now() < until) await call(replica).catch(() => {});
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    await two.kill();
    await Promise.all(load);
    const { count } = await controlOf(one).countJournal({ query: { status: '200' } });
    // What was under way at the killed one may have been written, and not answered.
    expect(count - answered).toBeGreaterThanOrEqual(0);
    expect(count - answered).toBeLessThanOrEqual(2);
    expect(await controlOf(three).countJournal({ query: { status: '200' } })).toEqual({ count, dropped: 0 });
  } finally {
    for (const each of [one, three]) await each.kill();
  }
});

when(
  'a replica that did not run for a while answers as before',
  async () => {
    await using redis = await startRedis();
    const replica = await startProcess('--store', redis.url);
    try {
      const key = { clinic: 'bianchi', clientId: 'bianchi-backend', clientSecret: 'not-a-secret-bianchi-backend' };
      const { authorization } = await tokenFrom(replica, key);
      for (let pause = 0; pause < 5; pause += 1) {
        const calls = Array.from({ length: 20 }, () => callAt(replica, authorization));
        await new Promise((resolve) => setTimeout(resolve, pause));
        process.kill(replica.pid, 'SIGSTOP');
        await new Promise((resolve) => setTimeout(resolve, 500));
        process.kill(replica.pid, 'SIGCONT');
        expect(new Set(await Promise.all([...calls, callAt(replica, authorization)]))).toEqual(new Set([200]));
      }
    } finally {
      await replica.kill();
    }
  },
  30_000,
);
