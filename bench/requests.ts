import { residentMemory } from '../scripts/soak/memory.ts';
import { temporaryFolder } from '../test/support/temporary-folder.ts';
import { doctorsQuestion, isDoctors } from './harness/answers.ts';
import { interleave } from './harness/interleave.ts';
import { latencies, throughput, type Target } from './harness/load.ts';
import { ratio, table, type Benchmark } from './harness/section.ts';
import { startServer, type Contestant, type Running } from './harness/server.ts';
import { percentile } from './harness/statistics.ts';
import { post, tokenOf } from './harness/talk.ts';
import { writeMockoonFile } from './peers/mockoon-file.ts';
import { arzamedMock, bareExpress, bareNodeHttp, mockoon, prism } from './peers/servers.ts';

const perSecond = 500;

/** Of each measurement, in seconds: at full speed short ones, so that contestants in turn meet the same noise. */
const seconds = { throughput: 0.5, latency: 1.5 };

/** Of each contestant: what is compiled, and how, is left to chance, and differs by up to a tenth. */
const processes = 2;

export const benchmark: Benchmark = {
  title: 'Requests: the doctors, with a token',
  async run(progress) {
    await using folder = await temporaryFolder();
    const file = `${folder.path}/mockoon.json`;
    await writeMockoonFile(file);
    const contestants = [arzamedMock, prism, mockoon(file), bareExpress, bareNodeHttp];
    await using servers = new AsyncDisposableStack();
    const running: { who: string; all: { target: Target; server: Running }[] }[] = [];
    for (const contestant of contestants) {
      const all = [];
      while (all.length < processes) {
        const server = servers.use(await startServer(contestant));
        all.push({ server, target: await targetOf(contestant, server) });
      }
      running.push({ who: contestant.name, all });
    }
    const each = <Value>(measure: (target: Target) => Promise<Value>): Record<string, (() => Promise<Value>)[]> =>
      Object.fromEntries(
        running.map(({ who, all }) => [
          who,
          all.map(
            ({ target }) =>
              () =>
                measure(target),
          ),
        ]),
      );

    const fast = await interleave(
      each((target) => throughput(target, seconds.throughput)),
      { rounds: 8, dropped: 3, onRound: (round, rounds) => progress(`throughput: round ${round} of ${rounds}`) },
    );
    const memory = Object.fromEntries(
      running.map(({ who, all }) => [who, all.map(({ server }) => residentMemory(server.pid))]),
    );
    const slow = await interleave(
      each((target) => latencies(target, { perSecond, seconds: seconds.latency })),
      { rounds: 2, onRound: (round, rounds) => progress(`latency: round ${round} of ${rounds}`) },
    );
    const share = (part: number): Record<string, number[]> =>
      Object.fromEntries(
        Object.entries(slow).map(([who, rounds]) => [who, rounds.map((all) => percentile(all, part) * 1000)]),
      );
    const answered = table('doctors answered a second', 'per second', fast);
    const late = table(`time of the slowest in a hundred, at ${perSecond} requests a second`, 'µs', share(0.99));
    const held = table('memory after that', 'MiB', memory);
    return {
      about: `\`GET\` of three doctors, over 16 connections that stay open, from another process on the same machine.
        arzamed checks the token's signature and the clinic, journals each request, looks for findings, and has a fault
        registered for another operation; Prism and Mockoon look at no token; the bare handlers look at nothing. Status and
        body of every answer are checked. A round is ${seconds.throughput} s of each of ${processes} processes of each
        contestant in turn, or ${seconds.latency} s at a fixed rate, where time counts from when a request was due.`,
      tables: [
        { ...answered, plotted: true },
        late,
        table(`time of nine in ten, at ${perSecond} requests a second`, 'µs', share(0.9)),
        table(`time of half of them, at ${perSecond} requests a second`, 'µs', share(0.5)),
        held,
      ],
      growths: [],
      ratios: [
        ratio(answered, arzamedMock.name, prism.name, { atLeast: 5 }),
        ratio(answered, arzamedMock.name, bareExpress.name, { atLeast: 0.8 }),
        ratio(answered, arzamedMock.name, 'Mockoon CLI'),
        ratio(answered, arzamedMock.name, bareNodeHttp.name),
        ratio(late, arzamedMock.name, prism.name, { atMost: 1 }),
        ratio(held, arzamedMock.name, prism.name, { atMost: 1 }),
      ],
    };
  },
};

async function targetOf(contestant: Contestant, { url }: Running): Promise<Target> {
  const { issuesOwnTokens = false } = contestant;
  const token = issuesOwnTokens ? await tokenOf(contestant, url) : 'none';
  if (issuesOwnTokens) await post(`${url}/_mock/faults`, { operationId: 'requestToken', status: 503 });
  return {
    who: contestant.name,
    question: doctorsQuestion(url + (contestant.doctorsPath ?? ''), token),
    isRight: isDoctors,
  };
}
