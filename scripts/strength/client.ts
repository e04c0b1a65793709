import { measureClient, type SourceOutcome } from './client/measure-client.ts';
import type { TimeBudget } from './time-budget.ts';
import { Progress } from './progress.ts';

/** Plays the mutants of the client's source to its tests and to the consumer tests. */
export async function measureOurClient(workers: number, clock: TimeBudget): Promise<SourceOutcome[]> {
  const progress = new Progress('Mutants of the client');
  return await measureClient({
    sources: 'src/client',
    tests: ['test/client', 'test/consumer'],
    support: ['test/support'],
    // The size says nothing of what the client does, and a mock for each test takes longer than all other tests.
    except: ['size.test.ts', 'against-the-mock.test.ts'],
    workers,
    mayGoOn: () => clock.mayGoOn(),
    onOutcome: (_outcome, _index, count) => {
      clock.expect('client', count);
      progress.step(count);
    },
  });
}
