import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { messageOf } from '../../src/util/errors.ts';
import type { Client } from './client.ts';
import { Growth } from './growth.ts';
import { residentMemory, type Sample } from './memory.ts';
import { isStruck, wrongWith, type Visit } from './mixture.ts';
import type { SoakedMock } from './mock.ts';

/** What happened under load. */
export interface Load {
  /** Of the API; the control API's own do not count. */
  sent: number;
  answered: number;
  struck: number;
  /** Of faults that were set. */
  faults: number;
  seconds: number;
  milliseconds: number[];
  wrong: string[];
  memory: Sample[];
}

/** Seconds between two measurements of memory, and between two faults. */
const interval = 5;

/** How many requests each fault strikes. */
const struckEach = 3;

/** Sends visits at a steady rate: each at its time, whether or not those before it have been answered. */
export async function applyLoad(
  mock: SoakedMock,
  client: Client,
  visits: readonly Visit[],
  { seconds, rate, progress }: { seconds: number; rate: number; progress: (load: Load) => void },
): Promise<Load> {
  using growth = new Growth(mock, client);
  const load: Load = {
    sent: 0,
    answered: 0,
    struck: 0,
    faults: 0,
    seconds: 0,
    milliseconds: [],
    wrong: [],
    memory: [],
  };
  const pending = new Set<Promise<void>>();
  const begin = (task: Promise<void>): void => {
    const noted = task
      .catch((error: unknown) => void load.wrong.push(messageOf(error)))
      .finally(() => void pending.delete(noted));
    pending.add(noted);
  };
  const began = performance.now();
  const passed = (): number => (performance.now() - began) / 1000;
  for (let next = 0; load.sent < seconds * rate && mock.ended() === undefined;) {
    if (passed() >= next) {
      load.memory.push({ seconds: passed(), mebibytes: residentMemory(mock.pid) });
      // Each fault is to find its requests before the end.
      if (next > 0 && seconds * rate - load.sent > 50) {
        begin(setFault(mock, client, load));
        begin(growth.grow());
      }
      next += interval;
      progress(load);
    }
    const due = Math.min(Math.floor(passed() * rate) + 1, seconds * rate);
    for (; load.sent < due; load.sent += 1) {
      const visit = visits[load.sent % visits.length];
      if (visit) begin(pay(visit, client, load));
    }
    await wait(1000 / rate);
  }
  await Promise.all(pending);
  load.seconds = passed();
  if (mock.ended() === undefined) load.memory.push({ seconds: load.seconds, mebibytes: residentMemory(mock.pid) });
  else load.wrong.push(`The mock ended by itself, with ${mock.ended()}.`);
  return load;
}

async function pay(visit: Visit, client: Client, load: Load): Promise<void> {
  const from = performance.now();
  const answer = await client.ask(visit.question);
  load.milliseconds.push(performance.now() - from);
  load.answered += 1;
  const struck = isStruck(visit, answer);
  if (struck) load.struck += 1;
  const wrong = struck ? undefined : wrongWith(visit, answer);
  if (wrong !== undefined) load.wrong.push(wrong);
}

async function setFault(mock: SoakedMock, client: Client, load: Load): Promise<void> {
  const fault = { operationId: 'listDoctors', status: 503, count: struckEach };
  const { status } = await client.ask({
    method: 'POST',
    url: `${mock.url}/_mock/faults`,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(fault),
  });
  if (status === 201) load.faults += struckEach;
  else load.wrong.push(`A fault was answered with ${status}.`);
}
