import { residentMemory } from '../scripts/soak/memory.ts';
import { temporaryFolder } from '../test/support/temporary-folder.ts';
import { Client } from '../scripts/soak/client.ts';
import { doctorsQuestion, WrongAnswer } from './harness/answers.ts';
import { interleave } from './harness/interleave.ts';
import { throughput, type Target } from './harness/load.ts';
import type { Benchmark, Growth, Point, Ratio } from './harness/section.ts';
import { startServer, type Running } from './harness/server.ts';
import { summarize } from './harness/statistics.ts';
import { tokenOf } from './harness/talk.ts';
import { growing, type Grown, type Growing } from './peers/growing.ts';
import { arzamedMock } from './peers/servers.ts';

/** For caches and compilers to get warm, and of each measurement. */
const seconds = { warm: 1, measured: 0.25 };
const rounds = 4;

/** Two processes of the same server may differ by a tenth: what is compiled, and how, is left to chance. */
const processes = 2;

/** What the servers of a size did. */
interface Measured {
  who: string;
  size: number;
  /** From spawning the process to the first right answer, in milliseconds. */
  starts: number[];
  perSecond: number[];
  /** In MiB. */
  memory: number[];
}

export const benchmark: Benchmark = {
  title: 'Growth: what becomes slower as something grows',
  async run(progress) {
    const growths: Growth[] = [];
    const ratios: Ratio[] = [];
    for (const each of growing) {
      const measured = await measure(each, (text) => progress(`${each.of}: ${text}`));
      growths.push(
        growthOf('doctors answered a second', 'per second', each.of, measured, ({ perSecond }) => perSecond),
        growthOf('first right answer', 'ms', each.of, measured, ({ starts }) => starts),
        growthOf('memory after that', 'MiB', each.of, measured, ({ memory }) => memory),
      );
      ratios.push(ratioOf(each, measured));
    }
    return {
      about: `\`GET\` of the doctors with a token, over 16 connections, of ${processes} processes of each size: ${rounds}
        times ${seconds.measured} s each in turn, once each has been busy for ${seconds.warm} s. What grows is in the
        specification, in the folder of clinics, in the answer, in the journal, or made before by the control API. Every
        answer is checked.`,
      tables: [],
      growths,
      ratios,
    };
  },
};

async function measure({ sizes, make }: Growing, progress: (text: string) => void): Promise<Measured[]> {
  await using folder = await temporaryFolder();
  await using servers = new AsyncDisposableStack();
  const all: (Measured & { pids: number[] })[] = [];
  const tasks: Record<string, (() => Promise<number>)[]> = {};
  for (const size of sizes) {
    progress(`starting with ${size}`);
    for (const grown of await make(folder.path, size)) {
      const started = [];
      while (started.length < processes) {
        const { server, target, milliseconds } = await start(grown);
        servers.use(server);
        await grown.prepare?.(server.url);
        await throughput(target, seconds.warm);
        started.push({ milliseconds, pid: server.pid, rate: () => throughput(target, seconds.measured) });
      }
      tasks[all.length] = started.map(({ rate }) => rate);
      const starts = started.map(({ milliseconds }) => milliseconds);
      const pids = started.map(({ pid }) => pid);
      all.push({ who: grown.contestant.name, size, starts, pids, perSecond: [], memory: [] });
    }
  }
  const rates = await interleave(tasks, { rounds, onRound: (round) => progress(`round ${round} of ${rounds}`) });
  return all.map((each, at) => ({ ...each, perSecond: rates[at] ?? [], memory: each.pids.map(residentMemory) }));
}

/** Starts a server, and asks it until it has answered rightly. */
async function start({
  contestant,
  answer,
}: Grown): Promise<{ server: Running; target: Target; milliseconds: number }> {
  const server = await startServer(contestant);
  try {
    const token = contestant.issuesOwnTokens ? await tokenOf(contestant, server.url) : 'none';
    const target: Target = {
      who: contestant.name,
      question: doctorsQuestion(server.url + (contestant.doctorsPath ?? ''), token),
      isRight: ({ status, body }) => status === 200 && body === answer,
    };
    using client = new Client();
    const first = await client.ask(target.question);
    if (!target.isRight(first)) throw new WrongAnswer(contestant.name, first);
    return { server, target, milliseconds: performance.now() - server.startedAt };
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

function growthOf(
  title: string,
  unit: Growth['unit'],
  of: string,
  measured: readonly Measured[],
  read: (each: Measured) => number[],
): Growth {
  const names = new Set(measured.map(({ who }) => who));
  const pointsOf = (name: string): Point[] =>
    measured.filter(({ who }) => who === name).map((each) => ({ at: each.size, ...summarize(read(each)) }));
  const lines = [...names].map((who) => ({ who, points: pointsOf(who) }));
  return { title, of, unit, lines };
}

function ratioOf({ of, sizes, leastRatio }: Growing, measured: readonly Measured[]): Ratio {
  const [least = 0, most = 0] = [sizes[0], sizes.at(-1)];
  const rate = (size: number): number => {
    const own = measured.find((each) => each.who === arzamedMock.name && each.size === size);
    return summarize(own?.perSecond ?? []).median;
  };
  return {
    title: `doctors answered a second: with ${most} ${of} / with ${least}`,
    value: rate(most) / rate(least),
    ...(leastRatio === undefined ? {} : { target: { atLeast: leastRatio } }),
  };
}
