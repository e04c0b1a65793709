import { readdirSync, readFileSync } from 'node:fs';
import { residentMemory } from '../../scripts/soak/memory.ts';
import type { Question } from '../../scripts/soak/client.ts';
import { interleave } from '../harness/interleave.ts';
import { repeat } from '../harness/load.ts';
import { patiently, type Redis } from '../harness/redis.ts';
import { table, type Table } from '../harness/section.ts';
import { summarize } from '../harness/statistics.ts';
import type { Costs } from './simulation.ts';

/** A replica, and what it is asked. */
export interface Asked {
  pid: number;
  doctors: Question;
  change: Question;
  read: Question;
  count: Question;
  clear: Question;
  create: Question;
}

/** What was spent on each of many: times of processors in microseconds. */
interface Spent {
  replica: number;
  redis: number;
  client: number;
  scripts: number;
  reads: number;
  bytes: number;
}

const rounds = 7;
/** Less than a page: the others read it by themselves once a second. */
const few = 900;

/** Replicas: one with a world for itself, whose sandboxes are asked as well, and two that share one. */
interface Busy {
  single: Asked;
  inSandboxes: readonly Question[];
  writer: Asked;
  reader: Asked;
}

/** What requests cost that the simulation is made of. */
export async function measureCosts(
  redis: Redis,
  { single, inSandboxes, writer, reader }: Busy,
  progress: (text: string) => void,
): Promise<{ costs: Costs; tables: Table[] }> {
  const spent = spentOn(redis);
  const doctors = (connections: number, amount: number) => () =>
    spent(single.pid, amount, () => repeat(single.doctors, amount, connections));
  const tasks: Record<string, () => Promise<Spent>> = {
    one: doctors(1, 1000),
    usual: doctors(16, 3000),
    many: doctors(64, 5000),
    spread: () => spent(single.pid, 3000, () => repeat(inSandboxes, 3000)),
    change: () => spent(single.pid, 300, () => repeat(single.change, 300, 1)),
    both: () => spent(single.pid, 300, () => repeat([single.change, single.doctors], 600, 1)),
    look: () => spent(single.pid, 500, () => repeat(single.read, 500, 1)),
    see: async () => {
      await repeat(writer.doctors, few);
      return spent(reader.pid, few, () => repeat(reader.count, 1, 1));
    },
    apply: async () => {
      await repeat(writer.change, 200, 1);
      return spent(reader.pid, 200, () => repeat(reader.count, 1, 1));
    },
  };
  const found = await interleave(
    Object.fromEntries(Object.entries(tasks).map(([name, task]) => [name, patiently(task)])),
    { rounds, dropped: 2, onRound: (round) => progress(`costs: round ${round} of ${rounds}`) },
  );
  const median = (name: string, part: keyof Spent): number =>
    summarize((found[name] ?? []).map((each) => each[part])).median;
  /** What a commit costs, and the rest of a request: from requests that share commits, and those to different worlds. */
  const split = (part: 'replica' | 'redis'): [commit: number, request: number] => {
    const [shared, single] = [median('usual', 'scripts'), median('spread', 'scripts')];
    const commit = Math.max(0, (median('spread', part) - median('usual', part)) / (single - shared));
    return [commit, median('usual', part) - commit * shared];
  };
  const [ofReplica, ofRequest] = split('replica');
  const [ofRedis, ofEntry] = split('redis');
  const costs: Costs = {
    replica: {
      request: ofRequest,
      cold: Math.max(ofRequest, median('both', 'replica') - median('change', 'replica') - ofReplica),
      commit: ofReplica,
      change: median('change', 'replica'),
      apply: median('apply', 'replica'),
      see: median('see', 'replica'),
    },
    redis: {
      commit: ofRedis,
      entry: ofEntry,
      change: median('change', 'redis'),
      look: median('look', 'redis'),
      read: median('see', 'redis'),
    },
    client: median('usual', 'client'),
  };
  const all = (part: keyof Spent): Record<string, number[]> =>
    Object.fromEntries(
      Object.entries({
        one: '1 connection',
        usual: '16 connections',
        many: '64 connections',
        spread: '16 connections, 16 sandboxes',
      }).map(([name, who]) => [who, (found[name] ?? []).map((each) => each[part])]),
    );
  const { replica, redis: ofStore } = costs;
  return {
    costs,
    tables: [
      table('commits in Redis', 'per request', all('scripts')),
      table('times that Redis reads from the connection', 'per request', all('reads')),
      table('network between replica and Redis, a request', 'bytes', all('bytes')),
      table('network, an entry of another replica', 'bytes', {
        'journal entry': (found['see'] ?? []).map(({ bytes }) => bytes),
      }),
      table('processor time of a replica', 'µs', {
        'a request': [replica.request],
        'the first request after a change': [replica.cold],
        'a commit': [replica.commit],
        'a control call that changes': [replica.change],
        'a change of another replica': [replica.apply],
        'an entry of another replica': [replica.see],
      }),
      table('processor time of Redis', 'µs', {
        'a commit': [ofStore.commit],
        'an entry': [ofStore.entry],
        'a change': [ofStore.change],
        'a look': [ofStore.look],
        'an entry read by another replica': [ofStore.read],
      }),
      table('memory', 'bytes', await patiently(() => measureMemory(redis, single))()),
    ],
  };
}

async function measureMemory(redis: Redis, { pid, doctors, clear, create }: Asked): Promise<Record<string, number[]>> {
  const [entries, sandboxes] = [5000, 200];
  await repeat(clear, 1, 1);
  const empty = await redis.tell();
  await repeat(doctors, entries);
  const full = await redis.tell();
  const held = residentMemory(pid);
  await repeat(create, sandboxes, 1);
  const { memory } = await redis.tell();
  return {
    'a journal entry in Redis': [(full.memory - empty.memory) / entries],
    'a sandbox in Redis': [(memory - full.memory) / sandboxes],
    'a sandbox in a replica': [((residentMemory(pid) - held) * 1024 ** 2) / sandboxes],
  };
}

function spentOn(redis: Redis) {
  return async (pid: number, count: number, act: () => Promise<void>): Promise<Spent> => {
    const idle = await redis.tell();
    const before = await redis.tell();
    const [replica, client] = [processorTime(pid), process.cpuUsage()];
    await act();
    const [replicaAfter, { user, system }] = [processorTime(pid), process.cpuUsage(client)];
    const after = await redis.tell();
    // Without what it costs to ask.
    const each = (part: 'busy' | 'scripts' | 'reads' | 'bytes'): number =>
      (after[part] - before[part] - (before[part] - idle[part])) / count;
    return {
      replica: (replicaAfter - replica) / count,
      client: (user + system) / count,
      redis: each('busy'),
      scripts: each('scripts'),
      reads: each('reads'),
      bytes: each('bytes'),
    };
  };
}

/** Of all threads of a process, in microseconds. */
function processorTime(pid: number): number {
  const folder = `/proc/${pid}/task`;
  const nanoseconds = readdirSync(folder).map((task) =>
    Number(readFileSync(`${folder}/${task}/schedstat`, 'utf8').split(' ')[0]),
  );
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1000;
}
