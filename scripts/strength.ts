// `npm run strength` says how strong our nets are: mutants of the provider against contracts, guarantee check and diff. It
// fails where a score falls below the committed one (test/strength.json), or a right provider is refused. --update commits
// what rose, --json prints all of it as one document, --seconds ends it in time, whatever is left. With --client, Stryker
// measures the tests of the client instead.
import { parseArgs } from 'node:util';
import { Problem } from '../src/util/errors.ts';
import type { MutantOutcome } from '../src/verify/mutation/measure.ts';
import {
  describeOpen,
  describeStrength,
  figuresOf,
  strengthTable,
  summarizeStrength,
} from '../src/verify/mutation/summary.ts';
import { main } from './main.ts';
import { measureProvider } from './strength/provider.ts';
import { fallen, hasRisen, readMarks, writeMarks, type Marks } from './strength/ratchet.ts';

const parallel = 2;

await main(async () => {
  const { values } = parseArgs({
    options: {
      client: { type: 'boolean', default: false },
      seconds: { type: 'string' },
      json: { type: 'boolean', default: false },
      update: { type: 'boolean', default: false },
    },
  });
  const { client, json, update } = values;
  const seconds = Number(values.seconds ?? (client ? 900 : Infinity));
  if (!(seconds > 0)) throw wrongOption('--seconds', 'It takes a number above 0.', 'Correct it, or leave it out.');
  if (client) {
    if (json || update)
      throw wrongOption('--client', 'It goes with --seconds alone.', 'Leave --json and --update out.');
    const { measureClient } = await import('./strength/client.ts');
    return await measureClient(seconds);
  }
  const startedAt = performance.now();
  const { outcomes, left } = await measureProvider(parallel, seconds);
  const marks = marksOf(outcomes);
  if (json) process.stdout.write(`${JSON.stringify({ marks, provider: outcomes.map(brief) })}\n`);
  else process.stdout.write(`${describe(outcomes).join('\n\n')}\n`);

  const committed = await readMarks();
  if (update && left === 0) await writeMarks(marks);
  const complaints = [
    // Of a part there is no score.
    ...(update || left > 0 ? [] : fallen(committed, marks)),
    ...outcomes
      .filter(({ result }) => result === 'refused')
      .map(({ mutant }) => `${mutant.id}: a right provider is refused.`),
  ];
  const rest = left > 0 ? `; ${left} mutants were not reached in time, so no score is compared` : '';
  process.stderr.write(`Took ${Math.round((performance.now() - startedAt) / 1000)} s${rest}.\n`);
  for (const complaint of complaints) process.stderr.write(`${complaint}\n`);
  if (!update && left === 0 && hasRisen(committed, marks)) {
    process.stderr.write('A score has risen: `npm run strength -- --update` keeps it from falling again.\n');
  }
  return complaints.length > 0 ? 1 : 0;
});

function wrongOption(where: string, what: string, remedy: string): Problem {
  return new Problem({ code: 'option_invalid', what, where, remedy });
}

function marksOf(outcomes: readonly MutantOutcome[]): Marks {
  if (outcomes.length === 0) return {};
  const { score, nets } = figuresOf(outcomes);
  return {
    provider: score,
    ...Object.fromEntries(Object.entries(nets).map(([net, value]) => [`provider by ${net}`, value])),
  };
}

function describe(outcomes: readonly MutantOutcome[]): string[] {
  if (outcomes.length === 0) return [];
  const summary = summarizeStrength(outcomes);
  return [strengthTable(summary), ...describeOpen(summary), describeStrength(summary)];
}

function brief({ mutant, ...rest }: MutantOutcome): object {
  const { specification: _, change: _change, ...named } = mutant;
  return { ...named, ...rest };
}
