import { spawnSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { createClient } from '@redis/client';
import { messageOf } from '../../src/util/errors.ts';
import { freePort } from '../../test/support/free-port.ts';
import { startServer } from './server.ts';

/** Whether there is a `redis-server`. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

/** Does it again, where a replica said that Redis did not answer in time, as it may on a busy machine. */
export function patiently<Value>(task: () => Promise<Value>): () => Promise<Value> {
  return async () => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await task();
      } catch (error) {
        const isLate = /away|unavailable|in time|503/.test(messageOf(error));
        if (!isLate || tries === 10) throw error;
        await wait(500);
      }
    }
  };
}

/** What Redis has done since it started, and holds. */
export interface Told {
  /** In microseconds of processor time. */
  busy: number;
  /** Scripts: each commit, and each look at what others did, is one. */
  scripts: number;
  /** Times that it read from a connection: what arrives together counts once. */
  reads: number;
  bytes: number;
  /** Bytes of memory. */
  memory: number;
}

export interface Redis extends AsyncDisposable {
  url: string;
  tell: () => Promise<Told>;
}

/** Starts a Redis that keeps nothing on disk. */
export async function startRedis(): Promise<Redis> {
  const port = String(await freePort());
  const server = await startServer({
    name: 'redis-server',
    program: 'redis-server',
    command: () => ['--save', '', '--appendonly', 'no', '--bind', '127.0.0.1', '--port', port],
    listening: /(Ready to accept connections)/,
  });
  const url = `redis://127.0.0.1:${port}`;
  const client = createClient({ url });
  await client.connect();
  return {
    url,
    tell: async () => {
      const text = (
        await Promise.all(['stats', 'commandstats', 'memory', 'cpu'].map((part) => client.info(part)))
      ).join('');
      const read = (name: string): number => Number(new RegExp(`^${name}([\\d.]+)`, 'm').exec(text)?.[1] ?? 0);
      return {
        busy: (read('used_cpu_user:') + read('used_cpu_sys:')) * 1e6,
        scripts: read('cmdstat_evalsha:calls='),
        reads: read('total_reads_processed:'),
        bytes: read('total_net_input_bytes:') + read('total_net_output_bytes:'),
        memory: read('used_memory:'),
      };
    },
    [Symbol.asyncDispose]: async () => {
      client.destroy();
      await server[Symbol.asyncDispose]();
    },
  };
}
