import { residentMemory } from '../scripts/soak/memory.ts';
import { temporaryFolder } from '../test/support/temporary-folder.ts';
import { Client } from '../scripts/soak/client.ts';
import { doctorsQuestion, WrongAnswer } from './harness/answers.ts';
import { interleave } from './harness/interleave.ts';
import { throughput, type Target } from './harness/load.ts';
import type { Benchmark, Growth, Point, Ratio } from './harness/section.ts';
import { startServer } from './harness/server.ts';
import { summarize } from './harness/statistics.ts';
import { tokenOf } from './harness/talk.ts';
import { growing, type Grown } from './peers/growing.ts';
import { arzamedMock } from './peers/servers.ts';

const seconds = 1;

/** What one mock of a size did. */
interface Measured {
  /** From spawning the process to the first right answer, in milliseconds. */
  start: number;
  perSecond: number;
  /** In MiB. */
  memory: number;
}

export const benchmark: Benchmark = {
  title: 'Growth: what becomes slower as something grows',
  async run(progress) {
    const growths: Growth[] = [];
    const ratios: Ratio[] = [];
    for (const { of, sizes, make } of growing) {
      await using folder = await temporaryFolder();
      const tasks = sizes.map((size) => [String(size), async () => measure(await make(folder.path, size))] as const);
      const all = await interleave(Object.fromEntries(tasks), {
        rounds: 2,
        onRound: (round, rounds) => progress(`${of}: round ${round + 1} of ${rounds}`),
      });
      const points = (read: (each: Measured) => number): Point[] =>
        sizes.map((at) => ({ at, ...summarize((all[at] ?? []).map(read)) }));
      const line = (title: string, unit: Growth['unit'], found: Point[]): Growth => ({
        title: `${title} by the number of ${of}`,
        of,
        unit,
        lines: [{ who: arzamedMock.name, points: found }],
      });
      const rates = points(({ perSecond }) => perSecond);
      growths.push(
        line('doctors answered a second', 'per second', rates),
        line(
          'first right answer',
          'ms',
          points(({ start }) => start),
        ),
        line(
          'memory after that',
          'MiB',
          points(({ memory }) => memory),
        ),
      );
      const [least, most] = [sizes[0] ?? 0, sizes.at(-1) ?? 0];
      const value = (rates.at(-1)?.median ?? Number.NaN) / (rates[0]?.median ?? Number.NaN);
      const hasTarget = of.startsWith('operations') || of.startsWith('clinics');
      ratios.push({
        title: `doctors answered a second: with ${most} ${of} / with ${least}`,
        value,
        ...(hasTarget ? { target: { atLeast: 0.9 } } : {}),
      });
    }
    return {
      about: `\`GET\` of the doctors with a token, over 16 connections for ${seconds} s, of a mock of each size, twice in turn. What grows is in the specification, in the folder of clinics, in the answer, in the journal, or made before
        by the control API. Every answer is checked.`,
      tables: [],
      growths,
      ratios,
    };
  },
};

async function once({ who, question, isRight }: Target): Promise<void> {
  using client = new Client();
  const answer = await client.ask(question);
  if (!isRight(answer)) throw new WrongAnswer(who, answer);
}

async function measure({ contestant, answer, prepare }: Grown): Promise<Measured> {
  await using server = await startServer(contestant);
  const question = doctorsQuestion(server.url + (contestant.doctorsPath ?? ''), await tokenOf(contestant, server.url));
  const target: Target = {
    who: contestant.name,
    question,
    isRight: ({ status, body }) => status === 200 && body === answer,
  };
  await once(target);
  const start = performance.now() - server.startedAt;
  await prepare?.(server.url);
  // For caches and compilers to get warm.
  await throughput(target, 2 * seconds);
  const perSecond = await throughput(target, seconds);
  return { start, perSecond, memory: residentMemory(server.pid) };
}
