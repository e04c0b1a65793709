import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { MockOptions } from '../../src/mock/index.ts';
import { defaultClinics, defaultScenarios, defaultSpec } from '../../src/mock/options.ts';
import { startBalancer } from '../support/balancer.ts';
import { hasRedis, memoryStore, startRedis } from '../support/redis.ts';
import { startPatient, startReplica } from '../support/replicas.ts';
import { isLong } from '../support/runs.ts';
import { depotPaths, depotSchema, Program } from '../support/shared-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** The bundled document and clinics, and a collection beside them. */
async function filesWithDepots(): Promise<Record<string, string>> {
  const document = parse(await readFile(defaultSpec, 'utf8'));
  Object.assign(document.paths, depotPaths);
  Object.assign(document.components.schemas, { Depot: depotSchema });
  const names = await readdir(defaultClinics);
  const clinics = names.map(async (name) => {
    const clinic = parse(await readFile(`${defaultClinics}/${name}`, 'utf8'));
    const collections = name === 'bianchi.yaml' ? { '/depots': [{ id: 1, name: 'North' }] } : undefined;
    return [`clinics/${name.replace('.yaml', '.json')}`, JSON.stringify({ ...clinic, collections })];
  });
  return { 'spec.json': JSON.stringify(document), ...Object.fromEntries(await Promise.all(clinics)) };
}

interface Running {
  url: string;
  /** Ends it, or kills it where it is a process. */
  end: () => Promise<void>;
}

/** Steps, bursts and a new replica now and then: whatever comes of them is what one process gives. */
async function compare(
  steps: number,
  every: { end: number; burst: number; state: number },
  alone: Running,
  start: () => Promise<Running>,
): Promise<void> {
  const all = await Promise.all([start(), start(), start()]);
  await using balancer = await startBalancer(() => all.map(({ url }) => url));
  let starting: Promise<unknown> = Promise.resolve();
  const [expected, found] = [new Program(() => alone.url), new Program(() => balancer.url)];
  try {
    for (let step = 1; step <= steps; step += 1) {
      if (step % every.end === 0) {
        await starting;
        await all.shift()?.end();
        // The next steps are those of two, and then there is one that learns all that happened.
        starting = start().then((another) => all.push(another));
        starting.catch(() => {});
      }
      expect({ step, answer: await found.step() }).toEqual({ step, answer: await expected.step() });
      if (step % every.state === 0)
        expect({ step, state: await found.state() }).toEqual({ step, state: await expected.state() });
      if (step % every.state === 0) {
        const counts = all.map(async ({ url }) => (await fetch(`${url}/_mock/journal/count`)).text());
        expect(new Set(await Promise.all(counts)).size).toBe(1);
      }
      if (step % every.burst !== 0) continue;
      const kind = step / every.burst;
      expect({ step, burst: await found.burst(kind) }).toEqual({ step, burst: await expected.burst(kind) });
    }
  } finally {
    await starting;
    for (const each of all) await each.end();
  }
}

test('replicas behind a balancer answer as one process does, also while one stops and another starts', async () => {
  await using redis = hasRedis ? await startRedis() : undefined;
  await using folder = await temporaryFolder(await filesWithDepots());
  const files = { spec: `${folder.path}/spec.json`, clinics: `${folder.path}/clinics`, scenarios: defaultScenarios };
  const options = { ...files, limits: { sandboxes: 50 } };
  const store = redis ? undefined : memoryStore();
  const toRunning = (mock: { url: string; close: () => Promise<void> }): Running => ({
    url: mock.url,
    end: () => mock.close(),
  });
  const start = async (): Promise<Running> => toRunning(await startReplica({ ...options, store: redis?.url }, store));
  const alone = toRunning(await startReplica(options));
  try {
    await compare(60, { end: 25, burst: 20, state: 20 }, alone, start);
  } finally {
    await alone.end();
  }
}, 300_000);

const later = hasRedis && isLong ? test : test.skip;

later(
  'three processes answer as one does, also while one is killed and another starts',
  async () => {
    await using redis = await startRedis();
    await using folder = await temporaryFolder(await filesWithDepots());
    const files = { spec: `${folder.path}/spec.json`, clinics: `${folder.path}/clinics`, scenarios: defaultScenarios };
    const run = async (options: MockOptions = {}): Promise<Running> => {
      const { url, kill } = await startPatient({ ...files, ...options });
      return { url, end: kill };
    };
    const alone = await run();
    try {
      await compare(2000, { end: 300, burst: 100, state: 50 }, alone, () => run({ store: redis.url }));
    } finally {
      await alone.end();
    }
  },
  900_000,
);
