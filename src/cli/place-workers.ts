import { availableParallelism } from 'node:os';
import type { Front } from '../mock/workers/front.ts';

/** Processes that listen in the place of this one, once the mock is opened with them. */
export async function placeWorkers(workers: number, { host, port }: { host: string; port: number }): Promise<Front> {
  const say = (line: string): void => void process.stderr.write(`arzamed: ${line}\n`);
  const cores = availableParallelism();
  if (workers > cores)
    say(`${workers} workers are more than the ${cores} cores of this machine; it gets no faster by that.`);
  const [{ Front: Workers }, { defaultLimits }] = await Promise.all([
    import('../mock/workers/front.ts'),
    import('../mock/limits.ts'),
  ]);
  return new Workers({ workers, host, port, connections: defaultLimits.connections, say });
}
