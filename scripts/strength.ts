// `npm run strength` says how strong our nets are: mutants of the provider against contracts, guarantee check and diff, and
// mutants of the client against its tests. It fails where a score falls below the committed one (test/strength.json), or a
// right provider is refused. --update commits what rose, --only provider|client measures one of the two, --json prints all
// of it as one document, --seconds ends it in time, whatever is left.
import { parseArgs } from 'node:util';
import { Problem } from '../src/util/errors.ts';
import type { MutantOutcome } from '../src/verify/mutation/measure.ts';
import {
  describeOpen,
  describeStrength,
  figuresOf,
  percent,
  strengthTable,
  summarizeStrength,
} from '../src/verify/mutation/summary.ts';
import { main } from './main.ts';
import { measureOurClient } from './strength/client.ts';
import type { SourceOutcome } from './strength/client/measure-client.ts';
import { measureProvider } from './strength/provider.ts';
import { fallen, hasRisen, readMarks, writeMarks, type Marks } from './strength/ratchet.ts';
import { TimeBudget } from './strength/time-budget.ts';

const parallel = 2;

await main(async () => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      seconds: { type: 'string', default: 'Infinity' },
      json: { type: 'boolean', default: false },
      update: { type: 'boolean', default: false },
    },
  });
  const { only, json, update } = values;
  if (only !== undefined && only !== 'provider' && only !== 'client') throw wrongHalf(only);
  const clock = new TimeBudget(Number(values.seconds));
  const provider = only === 'client' ? [] : await measureProvider(parallel, clock);
  const client = only === 'provider' ? [] : await measureOurClient(parallel, clock);
  const left = clock.left('provider', provider.length) + clock.left('client', client.length);
  const marks = { ...marksOfProvider(provider), ...marksOfClient(client) };
  if (json) process.stdout.write(`${JSON.stringify({ marks, provider: provider.map(brief), client })}\n`);
  else process.stdout.write(`${[...describeProvider(provider), ...describeClient(client)].join('\n\n')}\n`);

  const committed = await readMarks();
  if (update && left === 0) await writeMarks(marks);
  const complaints = [
    // Of a part there is no score.
    ...(update || left > 0 ? [] : fallen(committed, marks)),
    ...provider
      .filter(({ result }) => result === 'refused')
      .map(({ mutant }) => `${mutant.id}: a right provider is refused.`),
  ];
  const rest = left > 0 ? `; ${left} mutants were not reached in time, so no score is compared` : '';
  process.stderr.write(`Took ${Math.round(clock.spent)} s${rest}.\n`);
  for (const complaint of complaints) process.stderr.write(`${complaint}\n`);
  if (!update && left === 0 && hasRisen(committed, marks)) {
    process.stderr.write('A score has risen: `npm run strength -- --update` keeps it from falling again.\n');
  }
  return complaints.length > 0 ? 1 : 0;
});

function wrongHalf(found: string): Problem {
  return new Problem({
    code: 'option_invalid',
    what: 'There is no such half to measure.',
    facts: { expected: 'provider or client', found },
    remedy: 'Correct --only, or leave it out to measure both.',
  });
}

function marksOfProvider(outcomes: readonly MutantOutcome[]): Marks {
  if (outcomes.length === 0) return {};
  const { score, nets } = figuresOf(outcomes);
  return {
    provider: score,
    ...Object.fromEntries(Object.entries(nets).map(([net, value]) => [`provider by ${net}`, value])),
  };
}

function marksOfClient(outcomes: readonly SourceOutcome[]): Marks {
  const killed = outcomes.filter(({ result }) => result === 'killed').length;
  return outcomes.length === 0 ? {} : { client: percent(killed, outcomes.length) };
}

function describeProvider(outcomes: readonly MutantOutcome[]): string[] {
  if (outcomes.length === 0) return [];
  const summary = summarizeStrength(outcomes);
  return [strengthTable(summary), ...describeOpen(summary), describeStrength(summary)];
}

function describeClient(outcomes: readonly SourceOutcome[]): string[] {
  if (outcomes.length === 0) return [];
  const survivors = outcomes.filter(({ result }) => result === 'survived').map(({ mutant }) => mutant.id);
  const { client } = marksOfClient(outcomes);
  return [`Client: ${client} % of ${outcomes.length} mutants killed; survived:\n${survivors.join('\n')}`];
}

function brief({ mutant, ...rest }: MutantOutcome): object {
  const { specification: _, change: _change, ...named } = mutant;
  return { ...named, ...rest };
}
