import { setTimeout as wait } from 'node:timers/promises';
import { Client, type Answer, type Question } from '../scripts/soak/client.ts';
import { runTool } from '../scripts/run-tool.ts';
import { residentMemory } from '../scripts/soak/memory.ts';
import { temporaryFolder } from '../test/support/temporary-folder.ts';
import { doctorsQuestion, isDoctors, isToken, tokenIn, tokenQuestion, WrongAnswer } from './harness/answers.ts';
import { interleave } from './harness/interleave.ts';
import { ratio, table, type Benchmark, type Ratio } from './harness/section.ts';
import { startServer, type Contestant } from './harness/server.ts';
import { writeMockoonFile } from './peers/mockoon-file.ts';
import { arzamedExecutable, arzamedImage, arzamedMock, mockoon, oauth2MockServer, prism } from './peers/servers.ts';

/** What one start took: milliseconds from spawning the process, and MiB once it has answered. */
interface Start {
  token?: number;
  doctors?: number;
  memory: number;
}

export const benchmark: Benchmark = {
  title: 'Start: from nothing to the first right answer',
  async run(progress) {
    await using folder = await temporaryFolder();
    const file = `${folder.path}/mockoon.json`;
    await writeMockoonFile(file);
    for (const script of ['binary', 'image']) await runTool('node', [`scripts/${script}.ts`]);
    const contestants = [arzamedMock, arzamedExecutable, arzamedImage, prism, mockoon(file), oauth2MockServer];
    const tasks = contestants.map((contestant) => [contestant.name, () => start(contestant)] as const);
    const starts = await interleave(Object.fromEntries(tasks), {
      rounds: 7,
      dropped: 1,
      onRound: (round, rounds) => progress(`round ${round} of ${rounds}`),
    });
    const column = (read: (start: Start) => number | undefined): Record<string, number[]> =>
      Object.fromEntries(
        Object.entries(starts).map(([name, all]) => [name, all.map(read).filter((value) => value !== undefined)]),
      );
    const token = table(
      'first right token',
      'ms',
      column((each) => each.token),
    );
    const doctors = table(
      'first right answer with the doctors',
      'ms',
      column((each) => each.doctors),
    );
    const memory = table(
      'memory after these answers',
      'MiB',
      column((each) => each.memory),
    );
    const toPrism = (measured: typeof token, target?: Ratio['target']): Ratio =>
      ratio(measured, arzamedMock.name, prism.name, target);
    return {
      about: `From spawning the process until the token endpoint, and after it the doctors, were answered rightly. arzamed
        and Prism read \`openapi/arzamed.yaml\`; Mockoon, which takes no examples from it, a file of its own with the same
        bytes. Only arzamed and oauth2-mock-server make a key and sign. The executable keeps its compiled code, as the package
        does; the image's command, started outside a container, does not.`,
      tables: [token, { ...doctors, plotted: true }, memory],
      growths: [],
      ratios: [
        toPrism(token, { atMost: 0.5 }),
        toPrism(doctors, { atMost: 0.5 }),
        toPrism(memory),
        ratio(doctors, arzamedExecutable.name, arzamedMock.name, { atMost: 1.3 }),
        ratio(doctors, arzamedImage.name, arzamedMock.name),
      ],
    };
  },
};

async function start(contestant: Contestant): Promise<Start> {
  await using running = await startServer(contestant);
  using client = new Client();
  const { name, tokenPath, doctorsPath } = contestant;
  const since = (): number => performance.now() - running.startedAt;
  const measured: Partial<Start> = {};
  let bearer = 'none';
  if (tokenPath !== undefined) {
    const { body } = await untilRight(name, client, tokenQuestion(running.url + tokenPath), isToken);
    measured.token = since();
    bearer = tokenIn(body) ?? bearer;
  }
  if (doctorsPath !== undefined) {
    await untilRight(name, client, doctorsQuestion(running.url + doctorsPath, bearer), isDoctors);
    measured.doctors = since();
  }
  return { ...measured, memory: residentMemory(running.pid) };
}

/** Milliseconds after which a server that has not answered rightly will not. */
const patience = 20_000;

/** Asks until the answer is right. */
async function untilRight(
  name: string,
  client: Client,
  question: Question,
  isRight: (answer: Answer) => boolean,
): Promise<Answer> {
  const deadline = performance.now() + patience;
  for (;;) {
    const answer = await client.ask(question).catch((error: unknown) => ({ status: 0, body: String(error) }));
    if (isRight(answer)) return answer;
    if (performance.now() > deadline) throw new WrongAnswer(name, answer);
    await wait(2);
  }
}
