import type { Results } from '../harness/results.ts';
import { number } from './format.ts';

/** What docs/scale.md says of what a mock with a store takes, worked out from what was measured and simulated. */
export function storeFigures({ sections }: Pick<Results, 'sections'>): string {
  const { store } = sections;
  if (!store) return 'Not measured.';
  const of = (title: string, who: string): number =>
    store.tables.find((table) => table.title === title)?.figures.find((figure) => figure.who === who)?.median ??
    Number.NaN;
  const grown = (title: string, who: string): { at: number; median: number }[] =>
    store.growths.find((growth) => growth.title === title)?.lines.find((line) => line.who === who)?.points ?? [];
  const [memory, redis] = ['arzamed mock', 'arzamed mock, Redis'];
  const both = (title: string, what: string): string =>
    `${number(of(title, redis))} ${what} (without a store ${number(of(title, memory))})`;
  const measured = grown('requests answered a second', 'measured').map(({ at, median }) => `${at}: ${number(median)}`);
  const simulated = 'simulated requests a second';
  const columns = ['one world', 'one world, 1 %', 'sticky'].map((who) => grown(simulated, who));
  const rows = (columns[0] ?? []).map(({ at }) => [
    at,
    ...columns.map((points) => points.find((point) => point.at === at)?.median ?? Number.NaN),
  ]);
  return [
    `With Redis and the load on the same ${store.machine.cores} cores, one replica answers, a second, ${both('doctors answered a second', 'requests')}, ${both('tokens a second', 'tokens')} and ${both('control calls that change a key, a second', 'control calls')}. Replicas there share the cores, ${measured.join(', ')} requests.`,
    '',
    'Simulated with cores of their own, 0.3 ms from Redis, requests a second:',
    '',
    '| replicas | one world | 1 % control calls | sandboxes, each at one replica |',
    '| --: | --: | --: | --: |',
    ...rows.map((row) => `| ${row.map(number).join(' | ')} |`),
    '',
    ...plan(of, grown(simulated, 'sticky')).map((line) => `- ${line}`),
  ].join('\n');
}

/** What is asked for, and what each part of it takes. */
function plan(of: (title: string, who: string) => number, led: readonly { at: number; median: number }[]): string[] {
  const [wanted, sandboxes, entries] = [100_000, 10_000, 100];
  const [replica, redis, memory] = ['processor time of a replica', 'processor time of Redis', 'memory'];
  const most = Math.max(...led.map(({ median }) => median));
  const least = led[0]?.median ?? Number.NaN;
  const kept = sandboxes * (of(memory, 'a sandbox in Redis') + entries * of(memory, 'a journal entry in Redis'));
  const gibibytes = (bytes: number): string => `${number(bytes / 1024 ** 3)} GiB`;
  const network = of('network between replica and Redis, a request', '16 connections, 16 sandboxes');
  const seen = of(replica, 'an entry of another replica');
  return [
    `A replica, one thread, takes ${number(of(replica, 'a request'))} µs a request and ${number(of(replica, 'a commit'))} µs a commit; Redis, one thread, ${number(of(redis, 'a commit'))} µs a commit and ${number(of(redis, 'an entry'))} µs an entry.`,
    `Each replica reads what the others write, ${number(seen)} µs an entry: a world has at most ${number(1e6 / seen)} a second.`,
    `${number(sandboxes)} sandboxes of ${entries} entries take ${gibibytes(kept)} in Redis, ${gibibytes(sandboxes * of(memory, 'a sandbox in a replica'))} in replicas.`,
    `${number(wanted)} requests a second, each sandbox at one replica, take ${number(Math.ceil(wanted / least))} replicas, ${number(Math.ceil(wanted / most))} Redis and ${number((wanted * network * 8) / 1e9)} Gbit/s between them.`,
  ];
}
