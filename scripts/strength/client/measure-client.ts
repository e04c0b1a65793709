import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem } from '../../../src/spec/problem.ts';
import type { Ran } from './protocol.ts';
import { sourceMutantsOf, type SourceMutant } from './source-mutants.ts';
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
  onOutcome?: (outcome: SourceOutcome, index: number, count: number) => void;
}

/** For one test of the client as it is, in milliseconds. */
const patience = 20_000;

/**
 * Plays each mutant of a source to its tests.
 * @throws Problem if there is no mutant, or a test fails without one.
 */
export async function measureClient(options: ClientMeasureOptions): Promise<SourceOutcome[]> {
  const { sources, tests, support = [], workers: count, onOutcome } = options;
  const fresh = [sources, ...tests, ...support];
  const mutants = await readMutants(sources);
  const files = await readTests(options);
  if (mutants.length === 0) throw failing(`There is nothing to mutate in ${sources}.`, {});
  const folder = await mkdtemp(join(tmpdir(), 'arzamed-mutants-'));
  const workers = Array.from(
    { length: count },
    (_, index) => new WorkerProcess({ PACT_FOLDER: join(folder, String(index)), PACT_DO_NOT_TRACK: 'true' }),
  );
  try {
    const [first] = workers;
    const baseline = await first?.run({
      id: 0,
      mutant: undefined,
      fresh,
      files: files.map((file) => ({ file, patience })),
    });
    refuseFailing(baseline);
    const times = baseline?.times ?? {};
    const order = new TestOrder(files, times);
    const outcomes: SourceOutcome[] = [];
    let next = 0;
    const work = async (worker: WorkerProcess): Promise<void> => {
      for (let index = next++; index < mutants.length; index = next++) {
        const mutant = mutants[index];
        if (!mutant) continue;
        const run = { id: index + 1, mutant, fresh, files: order.of(mutant.file) };
        const outcome = toOutcome(mutant, await worker.run(run));
        if (outcome.file !== undefined) order.note(mutant.file, outcome.file);
        outcomes[index] = outcome.outcome;
        onOutcome?.(outcome.outcome, index, mutants.length);
      }
    };
    await Promise.all(workers.map(work));
    return outcomes;
  } finally {
    await Promise.all(workers.map((worker) => worker[Symbol.asyncDispose]()));
    await rm(folder, { recursive: true, force: true });
  }
}

function toOutcome(mutant: SourceMutant, ran: Ran | undefined): { outcome: SourceOutcome; file?: string } {
  if (!ran) return { outcome: { mutant, result: 'killed', by: 'it does not end' } };
  if (!ran.failed) return { outcome: { mutant, result: 'survived' } };
  const { file, test } = ran.failed;
  return { outcome: { mutant, result: 'killed', by: `${file}: ${test}` }, file };
}

async function readMutants(folder: string): Promise<SourceMutant[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts')).toSorted();
  const lists = await Promise.all(
    names.map(async (name) => sourceMutantsOf(join(folder, name), await readFile(join(folder, name), 'utf8'))),
  );
  return lists.flat();
}

async function readTests({ tests, except = [] }: ClientMeasureOptions): Promise<string[]> {
  const lists = await Promise.all(
    tests.map(async (folder) =>
      (await readdir(folder))
        .filter((name) => name.endsWith('.test.ts') && !except.includes(name))
        .map((name) => join(folder, name)),
    ),
  );
  return lists.flat();
}

function refuseFailing(baseline: Ran | undefined): void {
  if (baseline && !baseline.failed) return;
  const { file, test } = baseline?.failed ?? { file: 'none', test: 'the tests did not end' };
  throw failing('The tests of the client fail as it is, so that no mutant of it can be judged.', { file, test });
}

function failing(what: string, facts: Record<string, string>): Problem {
  return new Problem({ code: 'baseline_failing', what, facts, remedy: 'Make the tests pass, then run this again.' });
}
