import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { setPriority } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import type { Bounds, Commit, Committed, Logged, Made, News, Store } from '../../src/mock/state/store.ts';
import { freePort } from './free-port.ts';

/** `ARZAMED_TEST_REDIS=valkey-server` tries another one. */
const program = process.env['ARZAMED_TEST_REDIS'] ?? 'redis-server';

/** Whether the machine has Redis: `apt install redis-server`. */
export const hasRedis = spawnSync(program, ['--version']).status === 0;

/** A running Redis, empty and on a port of its own. */
export interface Redis extends AsyncDisposable {
  url: string;
  port: number;
  pid: number;
}

export async function startRedis(port?: number, ...settings: string[]): Promise<Redis> {
  const chosen = port ?? (await freePort());
  const usual = ['--save', '', '--appendonly', 'no', '--bind', '127.0.0.1', '--port', String(chosen)];
  const child = spawn(program, [...usual, ...settings], { stdio: 'ignore' });
  preferred(child.pid);
  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  for (let tries = 0; tries < 200; tries += 1) {
    if (await isOpen(chosen))
      return { url: `redis://127.0.0.1:${chosen}`, port: chosen, pid: child.pid ?? 0, [Symbol.asyncDispose]: end };
    await wait(20);
  }
  await end();
  throw new Error('Redis does not start.');
}

/** A busy machine must not make it answer late, as far as this user may say so. */
function preferred(pid = 0): void {
  try {
    setPriority(pid, -15);
  } catch {
    // Root may.
  }
}

async function isOpen(port: number): Promise<boolean> {
  const socket = createConnection(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

interface Kept {
  made: Made;
  idle: boolean;
  epoch: number;
  newest: number;
  changes: (Logged & { effect: string })[];
  entries: Map<number, string>;
  secrets: Map<string, string>;
}

/** What a store promises, in this process. */
export function memoryStore(): Store {
  const worlds = new Map<string, Kept>();
  const told: string[] = [];
  const secretsOf = new Map<string, Map<string, string>>();
  const find = (world: string, id: string): Kept | undefined => {
    const kept = worlds.get(world);
    return kept?.made.id === id ? kept : undefined;
  };
  const secrets = (world: string): Map<string, string> => {
    const known = secretsOf.get(world) ?? new Map<string, string>();
    secretsOf.set(world, known);
    return known;
  };
  const list = (): string[] => [...worlds].filter(([, { idle }]) => idle).map(([world]) => world);
  return {
    now: Date.now,
    isAway: false,
    make: async (world, made, idle, most) => {
      const known = worlds.get(world);
      if (known) return known.made;
      if (idle !== undefined && list().length >= most) return undefined;
      const empty = { epoch: 0, newest: 0, changes: [], entries: new Map(), secrets: new Map() };
      worlds.set(world, { made, idle: idle !== undefined, ...empty });
      return made;
    },
    find: async (world) => worlds.get(world)?.made,
    list: async () => list(),
    end: async (world) => worlds.delete(world),
    commit: async (world: string, id: string, commit: Commit, bounds: Bounds): Promise<Committed> => {
      const kept = find(world, id);
      if (!kept) return 'gone';
      if (kept.epoch !== commit.epoch) return 'stale';
      if (commit.change) {
        const { text, effect } = commit.change;
        if (effect === 'reset') Object.assign(kept, { changes: [], newest: 0 });
        if (effect === 'struck') kept.changes = kept.changes.filter((change) => !change.effect.startsWith('str'));
        kept.epoch += 1;
        kept.changes.push({ epoch: kept.epoch, after: kept.newest, change: text, effect });
        if (effect === 'reset' || effect === 'clear') kept.entries.clear();
      }
      for (const entry of commit.entries) kept.entries.set((kept.newest += 1), entry);
      for (const entry of kept.entries.keys()) if (entry <= kept.newest - bounds.entries) kept.entries.delete(entry);
      return { epoch: kept.epoch, newest: kept.newest };
    },
    since: async (world, id, epoch, newest): Promise<News | 'gone'> => {
      const kept = find(world, id);
      if (!kept) return 'gone';
      const missed = kept.changes.filter((change) => change.epoch > epoch);
      const entries = [...kept.entries].filter(([entry]) => entry > newest);
      const changes = missed.map(({ change, after, epoch: at }) => ({ epoch: at, after, change }));
      return { epoch: kept.epoch, newest: kept.newest, changes, entries };
    },
    meet: async () => [],
    tell: async (text) => void told.push(text),
    told: async (after) =>
      told
        .map((text, index): [string, string] => [String(index), text])
        .slice(after === '-' ? 0 : Number(after.slice(1)) + 1),
    secret: async (world, name) => secrets(world).get(name),
    keep: async (world, name, text) => {
      const known = secrets(world).get(name) ?? text;
      secrets(world).set(name, known);
      return known;
    },
    close: async () => {},
  };
}
