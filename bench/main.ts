// `npm run bench`: measures the built package beside its peers and writes bench/results.json, bench/RESULTS.md and plots.
// `npm run bench -- corpus --all` takes the whole corpus of documents, `--documents=50` fewer than the usual sample.
// `npm run bench -- client start` measures those alone, `npm run bench -- draw` nothing: it draws what was measured.
// Exit code 1 says that something answered wrongly.
import { main } from '../scripts/main.ts';
import { WrongAnswer } from './harness/answers.ts';
import { install } from './harness/install.ts';
import { progress, say } from './harness/progress.ts';
import type { Benchmark } from './harness/section.ts';

const benchmarks: Record<string, () => Promise<{ benchmark: Benchmark }>> = {
  requests: () => import('./requests.ts'),
  tokens: () => import('./tokens.ts'),
  client: () => import('./client.ts'),
  start: () => import('./start.ts'),
  growth: () => import('./growth.ts'),
  store: () => import('./store/store.ts'),
  verdicts: () => import('./verdicts.ts'),
  commands: () => import('./commands.ts'),
  certify: () => import('./certify.ts'),
  corpus: () => import('./corpus/corpus.ts'),
};

await main(async () => {
  const chosen = process.argv.slice(2).filter((argument) => !/^--(?:all|documents=\d+)$/.test(argument));
  const unknown = chosen.filter((name) => name !== 'draw' && !Object.hasOwn(benchmarks, name));
  if (unknown.length > 0) {
    const names = Object.keys(benchmarks).join(', ');
    process.stderr.write(
      `Not known: ${unknown.join(', ')}. Name sections (${names}), or draw what was measured before.\n`,
    );
    return 2;
  }
  // Interrupted, it ends as at any other end: the processes that it started go with this one.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  install();
  const { readResults, writeResults } = await import('./harness/results.ts');
  const { machine } = await import('./harness/versions.ts');
  const { writeReport } = await import('./report/report.ts');
  const results = await readResults();
  const wrong: string[] = [];
  for (const [name, load] of Object.entries(benchmarks)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    const { benchmark } = await load();
    const missing = benchmark.missing?.();
    if (missing !== undefined) {
      process.stderr.write(`${name} is left out, and earlier results stay: ${missing}\n`);
      continue;
    }
    const before = machine();
    const found = await measure(name, benchmark);
    if (found instanceof WrongAnswer) {
      wrong.push(found.message);
      delete results.sections[name];
    } else {
      results.sections[name] = { ...found, machine: before, measured: new Date().toISOString().slice(0, 10) };
    }
    await writeResults(results);
  }
  // As they stand in the file, rounded: to draw them again must give the same.
  await writeReport(await readResults());
  say('Wrote bench/results.json, bench/RESULTS.md, bench/plots/ and the figures of README.md and docs/scale.md.');
  for (const message of wrong) process.stderr.write(`${message}\n`);
  return wrong.length > 0 ? 1 : 0;
});

async function measure(name: string, { title, run }: Benchmark) {
  const from = performance.now();
  try {
    const found = await run((text) => progress(`${name}: ${text}`));
    say(`${name}: done in ${((performance.now() - from) / 1000).toFixed(0)} s`);
    return { title, ...found };
  } catch (error) {
    if (!(error instanceof WrongAnswer)) throw error;
    return error;
  }
}
