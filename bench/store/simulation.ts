import { drawBelow, type Random } from '../../src/util/random.ts';
import { percentile } from '../harness/statistics.ts';
import { Line, type World } from './line.ts';
import { Cores, Thread, Timeline } from './timeline.ts';

/** Microseconds of processor time, as measured. */
export interface Costs {
  replica: {
    /** A request whose answer is known, without its share of a commit. */
    request: number;
    /** The first request after a change. */
    cold: number;
    commit: number;
    /** A control call that changes something, at the replica that answers it. */
    change: number;
    /** The same change, at another replica. */
    apply: number;
    /** A journal entry of another replica. */
    see: number;
  };
  redis: { commit: number; entry: number; change: number; look: number; read: number };
  /** What the program spends on a request that asks; 0 if it has machines of its own. */
  client: number;
}

export interface Setup {
  replicas: number;
  /** Sandboxes, or one world. */
  worlds: number;
  /** Whether a balancer leads each world to one replica. */
  isKept: boolean;
  /** Share of requests that are control calls and change their world. */
  changes: number;
  /** Cores that all share; infinite if each process has its own. */
  cores: number;
  /** Microseconds on the network from a replica to Redis and back. */
  roundTrip: number;
  /** Connections of each replica that ask again as soon as they are answered. */
  connections: number;
  /** Commits of a replica to a world that may be under way. */
  underWay: number;
  /** How long it runs, in simulated seconds; the first half does not count. */
  seconds: number;
}

export interface Simulated {
  perSecond: number;
  /** The slowest in a hundred, in milliseconds. */
  slowest: number;
  /** Entries in a commit, on average. */
  together: number;
}

/** Lets replicas answer requests as `src/mock/replica.ts` does, with a share of control calls among them. */
export function simulate(costs: Costs, setup: Setup, random: Random): Simulated {
  const { replicas, connections, changes, isKept, seconds } = setup;
  const time = new Timeline();
  const cores = new Cores(time, setup.cores);
  const client = new Thread(cores);
  const redis = new Thread(cores);
  const worlds = Array.from({ length: Math.max(setup.worlds, isKept ? replicas : 1) }, (): World => ({
    epoch: 0,
    newest: 0,
  }));
  const commits = { all: 0, entries: 0 };
  const from = seconds * 500_000;
  const durations: number[] = [];

  for (let number = 0; number < replicas; number += 1) {
    const thread = new Thread(cores);
    const lines = new Map<World, Line>();
    const lineOf = (world: World): Line => {
      const known =
        lines.get(world) ?? new Line({ world, time, thread, redis, costs, setup, commits, phase: random() });
      lines.set(world, known);
      return known;
    };
    const own = isKept ? worlds.filter((_, index) => index % replicas === number) : worlds;
    const draw = (): Line => lineOf(own[drawBelow(random, own.length)] ?? { epoch: 0, newest: 0 });
    const ask = (): void => {
      const line = draw();
      const isChange = random() < changes;
      const began = time.now;
      const answered = (): void => {
        if (time.now >= from) durations.push((time.now - began) / 1000);
        client.run(costs.client, ask);
      };
      if (isChange) line.change(answered);
      else line.request(answered);
    };
    for (let count = 0; count < connections; count += 1) client.run(costs.client, ask);
  }
  time.run(seconds * 1_000_000);
  return {
    perSecond: durations.length / (seconds / 2),
    slowest: percentile(durations, 0.99),
    together: commits.entries / commits.all,
  };
}
