import { Client } from '../scripts/soak/client.ts';
import { doctors, WrongAnswer } from './harness/answers.ts';
import { interleave } from './harness/interleave.ts';
import { ratio, table, type Benchmark } from './harness/section.ts';
import { startServer, type Contestant } from './harness/server.ts';
import { bundleSizes } from './peers/clients/bundle-sizes.ts';
import { startCalling } from './peers/clients/calling.ts';
import { clients, ownClient } from './peers/clients/clients.ts';
import type { Access } from './peers/clients/contestant.ts';
import { arzamedMock, bareNodeHttp } from './peers/servers.ts';

const own = ownClient.name;

/** Calls that a contestant makes in a row before the next has its turn, and how many of them at once where not one by one. */
const calls = 100;
const crowd = 20;

/** Rounds, and those before them: Node goes on compiling for some thousand calls. */
const rounds = 40;
const dropped = 80;

export const benchmark: Benchmark = {
  title: 'Client: a call with a token at hand',
  async run(progress) {
    await using mock = await startServer(arzamedMock);
    await using server = await startServer(bareNodeHttp);
    const toMock = accessTo(mock, arzamedMock);
    const access = accessTo(server, bareNodeHttp);
    const atTheMock = table('one call after the other, to arzamed mock', 'µs', await race(toMock, 1, progress));
    const one = table('one call after the other, to a bare node:http server', 'µs', await race(access, 1, progress));
    const many = table(`${crowd} calls at once`, 'µs', await race(access, crowd, progress));
    progress('10,000 calls at once');
    const all = await tenThousandAtOnce(access, server.url);
    const tokens = table('token requests of 10,000 calls at once', 'requests', { [own]: [all.tokenRequests] });
    const sizes = table('size in a bundle, minified and gzip', 'bytes', await bundleSizes());
    return {
      about: `\`listDoctors()\`, of a server in another process: \`arzamed mock\`, and a plain \`node:http\` server, which
        answers as fast as Node can, so that what a client costs weighs most. \`fetch\` sets the header by hand;
        openapi-fetch and ky have a token source of 30 lines, written by hand. Only arzamed-devkit, ky and "fetch with a
        time limit" end a call that takes too long, and only the first two try again. Each runs in a process of its own. A round is ${calls} calls of each
        contestant in turn; a figure is the time of one call. All 10,000 calls at once came back in
        ${Math.round(all.milliseconds)} ms.`,
      tables: [{ ...atTheMock, plotted: true }, one, many, tokens, sizes],
      growths: [],
      ratios: [
        ratio(atTheMock, own, 'fetch', { atMost: 1.05 }),
        ratio(atTheMock, own, 'fetch with a time limit'),
        ratio(one, own, 'fetch'),
        ratio(one, own, 'fetch with a time limit'),
        ratio(one, own, 'openapi-fetch'),
        ratio(one, own, 'ky'),
        ratio(many, own, 'fetch'),
        { title: tokens.title, value: all.tokenRequests, target: { atMost: 1 } },
        ratio(sizes, own, 'openapi-fetch'),
        ratio(sizes, own, 'ky'),
      ],
    };
  },
};

function accessTo({ url }: { url: string }, { tokenPath = '' }: Contestant): Access {
  return {
    tokenUrl: url + tokenPath,
    clientId: 'bianchi-backend',
    clientSecret: 'not-a-secret-bianchi-backend',
    baseUrl: `${url}/api/v1`,
  };
}

/** Microseconds that a call takes, contestant by contestant, round by round. */
async function race(
  access: Access,
  atOnce: number,
  progress: (text: string) => void,
): Promise<Record<string, number[]>> {
  using processes = new DisposableStack();
  const tasks: Record<string, () => Promise<number>> = {};
  for (const { name, file } of clients) {
    const { call } = processes.use(await startCalling(name, file, access));
    tasks[name] = () => call({ calls, atOnce });
  }
  const onRound = (round: number): void => progress(`${atOnce} at once: round ${round} of ${rounds}`);
  return await interleave(tasks, { rounds, dropped, onRound });
}

function check(name: string, answer: unknown): void {
  const body = JSON.stringify(answer);
  if (body !== doctors) throw new WrongAnswer(name, { status: 200, body });
}

async function tenThousandAtOnce(
  access: Access,
  url: string,
): Promise<{ tokenRequests: number; milliseconds: number }> {
  using asking = new Client();
  const count = async (): Promise<number> =>
    Number((await asking.ask({ method: 'GET', url: `${url}/token-requests` })).body);
  const before = await count();
  const call = await ownClient.make(access);
  const from = performance.now();
  const answers = await Promise.all(Array.from({ length: 10_000 }, call));
  const milliseconds = performance.now() - from;
  for (const answer of answers) check(own, answer);
  return { tokenRequests: (await count()) - before, milliseconds };
}
