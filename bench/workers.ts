import { residentMemory } from '../scripts/soak/memory.ts';
import { doctorsQuestion, isDoctors, isToken, tokenQuestion } from './harness/answers.ts';
import { arzamed } from './harness/environment.ts';
import { interleave } from './harness/interleave.ts';
import { throughput, type Target } from './harness/load.ts';
import { childrenOf, processorTime } from './harness/processor-time.ts';
import { ratio, table, type Benchmark } from './harness/section.ts';
import { startServer, type Contestant, type Running } from './harness/server.ts';
import { tokenOf } from './harness/talk.ts';
import { arzamedMock } from './peers/servers.ts';

const seconds = 0.75;

const name = (workers: number, cores: number): string =>
  `${workers === 0 ? 'one process' : `--workers ${workers}`}, ${cores} core${cores === 1 ? '' : 's'}`;

const contestant = (workers: number, cores: number): Contestant => ({
  ...arzamedMock,
  name: name(workers, cores),
  cores: cores === 1 ? '0' : '0,1',
  command: () => [arzamed, 'mock', '--port', '0', '--json', ...(workers === 0 ? [] : ['--workers', String(workers)])],
});

interface Rate {
  perSecond: number;
  /** Microseconds of processor time for each answer, of all processes of the mock. */
  busy: number;
}

export const benchmark: Benchmark = {
  title: 'Several workers',
  async run(progress) {
    await using servers = new AsyncDisposableStack();
    const doctors: Record<string, () => Promise<Rate>> = {};
    const tokens: Record<string, () => Promise<Rate>> = {};
    const running: [name: string, server: Running][] = [];
    for (const cores of [1, 2]) {
      for (const workers of [0, 1, 2]) {
        const each = contestant(workers, cores);
        const server = servers.use(await startServer(each));
        const token = await tokenOf(each, server.url);
        const who = each.name;
        const toDoctors = { who, question: doctorsQuestion(server.url + each.doctorsPath, token), isRight: isDoctors };
        const toTokens = { who, question: tokenQuestion(server.url + each.tokenPath), isRight: isToken };
        doctors[who] = () => rate(server.pid, toDoctors);
        tokens[who] = () => rate(server.pid, toTokens);
        running.push([who, server]);
      }
    }
    const rounds = (of: string) => ({
      rounds: 4,
      dropped: 1,
      onRound: (round: number, all: number) => progress(`${of}: round ${round} of ${all}`),
    });
    const answered = await interleave(doctors, rounds('doctors'));
    const issued = await interleave(tokens, rounds('tokens'));
    const memory = Object.fromEntries(running.map(([who, { pid }]) => [who, [memoryOf(pid)]]));
    const of = (all: Record<string, Rate[]>, read: (each: Rate) => number): Record<string, number[]> =>
      Object.fromEntries(Object.entries(all).map(([who, rates]) => [who, rates.map(read)]));
    const perSecond = table(
      'doctors answered a second, by workers',
      'per second',
      of(answered, (each) => each.perSecond),
    );
    const tokensPerSecond = table(
      'tokens a second, by workers',
      'per second',
      of(issued, (each) => each.perSecond),
    );
    return {
      about: `\`arzamed mock --workers N\`, held to one core of the machine or to two; what asks it, over 16 connections,
        uses the same machine. A round is ${seconds} s of each in turn, and every answer is checked. Processor time is that
        of all processes of the mock together: where there are cores enough, it says how far they go.`,
      tables: [
        { ...perSecond, plotted: true },
        table(
          'processor time for an answer with the doctors',
          'µs',
          of(answered, ({ busy }) => busy),
        ),
        tokensPerSecond,
        table(
          'processor time for a token',
          'µs',
          of(issued, ({ busy }) => busy),
        ),
        table('memory of all processes', 'MiB', memory),
      ],
      growths: [],
      ratios: [
        ...[1, 2].map((cores) => ratio(perSecond, name(2, cores), name(0, cores))),
        ...[1, 2].map((cores) => ratio(tokensPerSecond, name(2, cores), name(0, cores))),
      ],
    };
  },
};

async function rate(pid: number, target: Target): Promise<Rate> {
  const before = processorTime(pid);
  const perSecond = await throughput(target, seconds);
  return { perSecond, busy: ((processorTime(pid) - before) * 1e6) / (perSecond * seconds) };
}

function memoryOf(pid: number): number {
  return childrenOf(pid).reduce((sum, child) => sum + memoryOf(child), residentMemory(pid));
}
