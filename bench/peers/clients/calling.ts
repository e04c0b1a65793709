import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { WrongAnswer } from '../../harness/answers.ts';
import { environment } from '../../harness/environment.ts';
import type { Access } from './contestant.ts';

/** What a client is told to do: so many calls, so many of them at once. */
export interface Order {
  calls: number;
  atOnce: number;
}

/** What came of it: microseconds for each call, or an answer that is wrong. */
export type Report = { microseconds: number } | { wrong: string };

/** A client in a process of its own. Ends with the block. */
export interface Calling extends Disposable {
  /** @returns the microseconds that each call took. @throws WrongAnswer */
  call: (order: Order) => Promise<number>;
}

const caller = fileURLToPath(new URL('caller.ts', import.meta.url));

/** @param file of the client, beside this one. */
export async function startCalling(name: string, file: string, access: Access): Promise<Calling> {
  const child = fork(caller, [new URL(file, import.meta.url).href, JSON.stringify(access)], { env: environment });
  const ended = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`The process of ${name} has ended, with ${signal ?? code}.`);
  });
  ended.catch(() => {});
  const report = async (): Promise<number> => {
    const [found]: Report[] = await Promise.race([once(child, 'message'), ended]);
    if (found && 'microseconds' in found) return found.microseconds;
    throw new WrongAnswer(name, { status: 200, body: found?.wrong ?? '' });
  };
  await report();
  return {
    call: (order) => {
      const came = report();
      child.send(order);
      return came;
    },
    [Symbol.dispose]: () => void child.kill('SIGKILL'),
  };
}
