import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createClient } from '@redis/client';
import type { Mock, MockOptions } from '../../src/mock/index.ts';
import { defaultClinics, defaultSpec } from '../../src/mock/options.ts';
import { hasRedis, startRedis, type Redis } from '../support/redis.ts';
import { isLong } from '../support/runs.ts';
import { callAt, controlOf, startReplica, tokenFrom } from '../support/replicas.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

const key = { clinic: 'bianchi', clientId: 'bianchi-backend', clientSecret: 'not-a-secret-bianchi-backend' };
const later = isLong ? test : test.skip;
const when = hasRedis ? describe : describe.skip;

when('replicas with another document than those that run', () => {
  let redis: Redis;
  let folder: TemporaryFolder;
  let warned: string[];
  let running: Mock[];
  const start = async (options: MockOptions): Promise<Mock> => {
    const mock = await startReplica({ store: redis.url, ...options }, undefined, (sentence) => warned.push(sentence));
    running.push(mock);
    return mock;
  };
  const changed = (): MockOptions => ({ spec: `${folder.path}/changed.yaml`, clinics: defaultClinics });
  beforeEach(async () => {
    [warned, running] = [[], []];
    redis = await startRedis();
    const document = await readFile(defaultSpec, 'utf8');
    folder = await temporaryFolder({ 'changed.yaml': document.replaceAll('/equipe/doctors', '/equipe/physicians') });
  });
  afterEach(async () => {
    for (const each of running) await each.close();
    await folder[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });

  test('start, have a world of their own, and leave that of the others as it is', async () => {
    const old = await start({});
    await controlOf(old).addFault({ body: { operationId: 'listDoctors', status: 503 } });
    const { id } = await controlOf(old).createSandbox();
    const [one, other] = [await start(changed()), await start(changed())];
    const { authorization } = await tokenFrom(one, key);
    expect(await callAt(other, authorization)).toBe(404);
    expect(await controlOf(other).listFaults()).toEqual([]);
    expect((await fetch(`${one.url}/s/${id}/_mock/health`)).status).toBe(404);
    await controlOf(one).revokeKey({ path: key });
    const before = await tokenFrom(old, key);
    expect([before.status, await callAt(old, before.authorization)]).toEqual([200, 503]);
    await old.close();
    const again = await start({});
    expect(await callAt(again, before.authorization)).toBe(503);
  });

  later('say what differs, and what to do', async () => {
    const publicUrl = 'http://mock.example';
    await start({ publicUrl });
    await start({ publicUrl });
    expect(warned).toEqual([]);
    await start({ ...changed(), publicUrl, seed: 7 });
    expect(warned).toEqual([
      expect.stringMatching(
        /^The store also has a mock that was started at 2\S+Z and differs in: document, seed, error style, scenario, recording or photos\. .* after a week\. Replicas of one world need the same files and options\.$/,
      ),
    ]);
    const another = { ...changed(), storePrefix: 'another' };
    const first = await start(another);
    expect(warned).toHaveLength(1);
    const second = await start(another);
    expect(warned.at(-1)).toBe(
      `This mock listens at ${second.url}, but its URLs lead to ${first.url}, as the first replica named them. Use --public-url.`,
    );
  });

  later('leave nothing behind for good', async () => {
    const client = await createClient({ url: redis.url }).connect();
    const mock = await start({});
    await tokenFrom(mock, key);
    await controlOf(mock).readJournal();
    const keys = (await client.keys('*')).filter((each) => each !== 'arzamed:mocks');
    const lasting = await Promise.all(keys.map(async (each) => [each, await client.pTTL(each)] as const));
    client.destroy();
    expect(lasting.length).toBeGreaterThan(2);
    expect(lasting.filter(([, milliseconds]) => milliseconds < 0)).toEqual([]);
  });
});
