import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem } from '../../../src/util/errors.ts';
import { readMutants, readTests } from './inputs.ts';
import type { Ran, TestFile } from './protocol.ts';
import type { SourceMutant } from './source-mutants.ts';
import { TestOrder } from './test-order.ts';
import { WorkerProcess } from './worker-process.ts';

export interface SourceOutcome {
  mutant: SourceMutant;
  result: 'killed' | 'survived';
  /** The test that killed it. */
  by?: string;
}

export interface ClientMeasureOptions {
  /** The folder of the source. */
  sources: string;
  /** The folders of its tests. */
  tests: readonly string[];
  /** Names of test files that say nothing of what the source does. */
  except?: readonly string[];
  /** Further folders that tests read modules from which read the source. */
  support?: readonly string[];
  workers: number;
  /** Milliseconds that a test gets beside three times what its file took without a mutant; 2,000 unless given. */
  spare?: number;
  /** Asked before each mutant; once it says no, the rest is left out. */
  mayGoOn?: () => boolean;
  onOutcome?: (outcome: SourceOutcome, index: number, count: number) => void;
}

/** For one test of the client as it is, in milliseconds. */
const patience = 20_000;

/**
 * Plays each mutant of a source to its tests.
 * @throws Problem if there is no mutant, or a test fails without one.
 */
export async function measureClient(options: ClientMeasureOptions): Promise<SourceOutcome[]> {
  const {
    sources,
    tests,
    except = [],
    support = [],
    workers: count,
    spare = 2000,
    mayGoOn = () => true,
    onOutcome,
  } = options;
  const fresh = [sources, ...tests, ...support];
  const mutants = await readMutants(sources);
  const files = await readTests(tests, except);
  if (mutants.length === 0) throw failing(`There is nothing to mutate in ${sources}.`, {});
  const folder = await mkdtemp(join(tmpdir(), 'arzamed-mutants-'));
  const workers = Array.from(
    { length: count },
    (_, index) => new WorkerProcess({ PACT_FOLDER: join(folder, String(index)), PACT_DO_NOT_TRACK: 'true' }),
  );
  let runs = 0;
  const play = (worker: WorkerProcess, mutant: SourceMutant | undefined, chosen: readonly TestFile[]): Promise<Ran> =>
    worker.run({ id: runs++, mutant, fresh, files: chosen });
  try {
    const [first] = workers;
    if (!first) throw new RangeError('There is no worker.');
    const baseline = await play(
      first,
      undefined,
      files.map((file) => ({ file, patience })),
    );
    refuseFailing(baseline);
    const order = new TestOrder(files, baseline.times, spare);
    const outcomes: SourceOutcome[] = [];
    let next = 0;
    const work = async (worker: WorkerProcess): Promise<void> => {
      for (let index = next++; index < mutants.length && mayGoOn(); index = next++) {
        const mutant = mutants[index];
        if (!mutant) continue;
        const failed = await failureOf((chosen) => play(worker, mutant, chosen), order.of(mutant.file));
        if (failed) order.note(mutant.file, failed.file);
        const outcome: SourceOutcome = failed
          ? { mutant, result: 'killed', by: `${failed.file}: ${failed.test}` }
          : { mutant, result: 'survived' };
        outcomes[index] = outcome;
        onOutcome?.(outcome, index, mutants.length);
      }
    };
    await Promise.all(workers.map(work));
    return outcomes.filter((outcome) => outcome !== undefined);
  } finally {
    await Promise.all(workers.map((worker) => worker[Symbol.asyncDispose]()));
    await rm(folder, { recursive: true, force: true });
  }
}

/** The first test that fails twice: once may be the fault of a machine that is busy. */
async function failureOf(
  play: (files: readonly TestFile[]) => Promise<Ran>,
  files: readonly TestFile[],
): Promise<Ran['failed']> {
  const { failed } = await play(files);
  if (!failed) return undefined;
  const at = files.findIndex(({ file }) => file === failed.file);
  const again = await play(files.slice(at, at + 1));
  return again.failed ?? (await failureOf(play, files.slice(at + 1)));
}

function refuseFailing({ failed }: Ran): void {
  if (!failed) return;
  const { file, test } = failed;
  throw failing('The tests of the client fail as it is, so that no mutant of it can be judged.', { file, test });
}

function failing(what: string, facts: Record<string, string>): Problem {
  return new Problem({ code: 'baseline_failing', what, facts, remedy: 'Make the tests pass, then run this again.' });
}
