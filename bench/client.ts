import { Client } from '../scripts/soak/client.ts';
import { doctors, WrongAnswer } from './harness/answers.ts';
import { interleave } from './harness/interleave.ts';
import { ratio, table, type Benchmark } from './harness/section.ts';
import { startServer, type Contestant } from './harness/server.ts';
import { bundleSizes } from './peers/clients/bundle-sizes.ts';
import { clients, ownClient } from './peers/clients/clients.ts';
import type { Access } from './peers/clients/contestant.ts';
import { arzamedMock, bareNodeHttp } from './peers/servers.ts';

const own = ownClient.name;

/** Calls that a contestant makes in a row before the next has its turn. */
const calls = 20;

export const benchmark: Benchmark = {
  title: 'Client: a call with a token at hand',
  async run(progress) {
    await using mock = await startServer(arzamedMock);
    await using server = await startServer(bareNodeHttp);
    const toMock = accessTo(mock, arzamedMock);
    const access = accessTo(server, bareNodeHttp);
    const atTheMock = table(
      'one call after the other, to arzamed mock',
      'µs',
      await race(toMock, { atOnce: 1, rounds: 300, progress }),
    );
    const one = table(
      'one call after the other, to a bare node:http server',
      'µs',
      await race(access, { atOnce: 1, rounds: 500, progress }),
    );
    const many = table(`${calls} calls at once`, 'µs', await race(access, { atOnce: calls, rounds: 300, progress }));
    progress('10,000 calls at once');
    const crowd = await tenThousandAtOnce(access, server.url);
    const tokens = table('token requests of 10,000 calls at once', 'requests', { [own]: [crowd.tokenRequests] });
    const sizes = table('size in a bundle, minified and gzip', 'bytes', await bundleSizes());
    return {
      about: `\`listDoctors()\`, of a server in another process: \`arzamed mock\`, and a plain \`node:http\` server, which
        answers as fast as Node can, so that what a client costs weighs most. \`fetch\` sets the header by hand;
        openapi-fetch and ky have a token source of 30 lines, written by hand. Only arzamed-devkit, ky and "fetch with a
        time limit" end a call that takes too long, and only the first two try again. A round is ${calls} calls of each
        contestant in turn; a figure is the time of one call. All 10,000 calls at once came back in
        ${Math.round(crowd.milliseconds)} ms.`,
      tables: [{ ...atTheMock, plotted: true }, one, many, tokens, sizes],
      growths: [],
      ratios: [
        ratio(atTheMock, own, 'fetch', { atMost: 1.05 }),
        ratio(one, own, 'fetch'),
        ratio(one, own, 'fetch with a time limit'),
        ratio(one, own, 'openapi-fetch'),
        ratio(one, own, 'ky'),
        ratio(many, own, 'fetch'),
        { title: tokens.title, value: crowd.tokenRequests, target: { atMost: 1 } },
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
  { atOnce, rounds, progress }: { atOnce: number; rounds: number; progress: (text: string) => void },
): Promise<Record<string, number[]>> {
  const made = await Promise.all(clients.map(async ({ name, make }) => [name, await make(access)] as const));
  const tasks = made.map(([name, call]) => [name, () => timeCalls(name, call, atOnce)] as const);
  return interleave(Object.fromEntries(tasks), {
    rounds,
    dropped: 50,
    onRound: (round) => progress(`${atOnce} at once: round ${round} of ${rounds}`),
  });
}

async function timeCalls(name: string, call: () => Promise<unknown>, atOnce: number): Promise<number> {
  const answers: unknown[] = [];
  const from = performance.now();
  while (answers.length < calls) {
    if (atOnce === 1) answers.push(await call());
    else answers.push(...(await Promise.all(Array.from({ length: atOnce }, call))));
  }
  const microseconds = ((performance.now() - from) * 1000) / calls;
  for (const answer of answers) check(name, answer);
  return microseconds;
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
