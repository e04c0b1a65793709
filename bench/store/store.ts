import { availableParallelism } from 'node:os';
import type { Question } from '../../scripts/soak/client.ts';
import { seededRandom } from '../../src/util/random.ts';
import { doctorsQuestion, isDoctors, isToken, tokenQuestion } from '../harness/answers.ts';
import { interleave } from '../harness/interleave.ts';
import { repeat, throughput, type Target } from '../harness/load.ts';
import { hasRedis, patiently, startRedis } from '../harness/redis.ts';
import { ratio, table, type Benchmark, type Growth, type Point, type Ratio, type Table } from '../harness/section.ts';
import { startServer, type Running } from '../harness/server.ts';
import { summarize } from '../harness/statistics.ts';
import { post, tokenOf } from '../harness/talk.ts';
import { arzamedMock, mockWith } from '../peers/servers.ts';
import { measureCosts, type Asked } from './costs.ts';
import { simulate, type Costs, type Setup } from './simulation.ts';

const withRedis = `${arzamedMock.name}, Redis`;
const seconds = 0.5;
const rounds = 6;
/** Rounds that do not count: with a store there is more to compile. */
const warming = 6;
const processes = 2;
/** Entries in the journal that is read. */
const entries = 100;
const replicas = [1, 2, 4];
const machines = [1, 2, 4, 8, 16, 32, 64];
/** One control call in so many requests, where there are any. */
const each = 100;
const sandboxes = 1000;
/** A network, in microseconds there and back. */
const roundTrip = 300;

/** One replica, and what it is asked. */
interface Replica extends Asked {
  tokens: Question;
  journal: Question;
  reset: Question;
}

export const benchmark: Benchmark = {
  title: 'Store: one mock in several processes, through Redis',
  missing: () => {
    if (!hasRedis) return 'there is no redis-server.';
    return process.platform === 'linux'
      ? undefined
      : 'the time of processors is read from /proc, which only Linux has.';
  },
  async run(progress) {
    await using servers = new AsyncDisposableStack();
    const redis = servers.use(await startRedis());
    const start = async (prefix: string): Promise<Replica> => {
      const contestant = mockWith('--store', redis.url, '--store-prefix', prefix);
      return asked(servers.use(await patiently(() => startServer(contestant))()));
    };
    const alone = [];
    while (alone.length < processes) alone.push(await asked(servers.use(await startServer(arzamedMock))));
    const single = await start('single');
    const stored = [single];
    while (stored.length < processes) stored.push(await start(`single${stored.length}`));
    const tables = await compare({ [arzamedMock.name]: alone, [withRedis]: stored }, progress);
    const inSandboxes = [];
    while (inSandboxes.length < usual.connections) inSandboxes.push(await doctorsInSandbox(single.create.url));
    const [writer, reader] = [await start('pair'), await start('pair')];
    const measured = await measureCosts(redis, { single, inSandboxes, writer, reader }, progress);
    const grown = await grow(start, measured.costs, progress);
    progress('simulating');
    return {
      about: `The same mock without a store, and with a Redis on the same machine that keeps nothing on disk, in turns; all
        share the cores with the load. A round is ${seconds} s of each of ${processes} processes of each, over 16
        connections. Control calls restore an active key and list an empty list of faults. Processor time is that of all threads of a process,
        of medians; the time of a commit follows from requests that share commits, and requests to 16 sandboxes, which do not. \`npm run bench -- store\` needs \`redis-server\` and Linux. The simulation
        does what a replica does, with these times, ${usual.connections} connections of each replica that ask again at
        once, and one Redis with one thread, ${roundTrip / 1000} ms away and back. "1 %": so many requests are
        control calls that change their world; "sandboxes": ${sandboxes} worlds, asked at any replica; "sticky": a balancer leads
        each to one replica.`,
      tables: [...tables, ...measured.tables],
      growths: [...grown.growths, ...simulated(measured.costs)],
      ratios: [
        ...tables.map((each, index) => ratio(each, withRedis, arzamedMock.name, targets[index])),
        ...grown.ratios,
      ],
    };
  },
};

const targets: (Ratio['target'] | undefined)[] = [{ atLeast: 0.5 }, { atLeast: 0.8 }];

async function asked({ url, pid }: Running): Promise<Replica> {
  const token = await tokenOf(arzamedMock, url);
  const control = (method: Question['method'], path: string): Question => ({ method, url: `${url}/_mock/${path}` });
  return {
    pid,
    doctors: doctorsQuestion(url + (arzamedMock.doctorsPath ?? ''), token),
    tokens: tokenQuestion(url + (arzamedMock.tokenPath ?? '')),
    change: control('POST', 'keys/bianchi-backend/restore'),
    read: control('GET', 'faults'),
    journal: control('GET', 'journal'),
    count: control('GET', 'journal/count'),
    clear: control('DELETE', 'journal'),
    reset: control('POST', 'reset'),
    create: control('POST', 'sandboxes'),
  };
}

/** Makes a sandbox, and asks for its doctors. */
async function doctorsInSandbox(url: string): Promise<Question> {
  interface Sandbox {
    baseUrl: string;
    clinics: { clinic: string; tokenUrl: string; keys: { clientId: string; clientSecret: string }[] }[];
  }
  const { baseUrl, clinics }: Sandbox = JSON.parse((await post(url)).body);
  const { tokenUrl = '', keys: [key] = [] } = clinics.find(({ clinic }) => clinic === 'bianchi') ?? {};
  const token = await tokenOf({ name: withRedis }, tokenUrl, `${key?.clientId}:${key?.clientSecret}`);
  return doctorsQuestion(`${baseUrl}/equipe/doctors`, token);
}

/** With a store and without, in turns. */
async function compare(
  contestants: Record<string, readonly Replica[]>,
  progress: (text: string) => void,
): Promise<Table[]> {
  const rates = (what: string, question: (of: Replica) => Question, isRight: Target['isRight']) =>
    interleave(
      Object.fromEntries(
        Object.entries(contestants).map(([who, all]) => [
          who,
          all.map((of) => patiently(() => throughput({ who, question: question(of), isRight }, seconds))),
        ]),
      ),
      { rounds, dropped: warming, onRound: (round) => progress(`${what}: round ${round} of ${rounds}`) },
    );
  const doctors = await rates('doctors', (of) => of.doctors, isDoctors);
  const tokens = await rates('tokens', (of) => of.tokens, isToken);
  const changes = await rates('changes', (of) => of.change, isRestored);
  const reads = await rates(
    'reads',
    (of) => of.read,
    ({ body }) => body === '[]',
  );
  for (const of of Object.values(contestants).flat()) {
    await repeat(of.reset, 1, 1);
    await repeat(of.doctors, entries);
  }
  const journal = await rates(
    'journal',
    (of) => of.journal,
    ({ body }) => body.split('"method"').length === entries + 1,
  );
  const counts = await rates(
    'counts',
    (of) => of.count,
    ({ body }) => body === `{"count":${entries},"dropped":0}`,
  );
  return [
    { ...table('doctors answered a second', 'per second', doctors), plotted: true },
    table('tokens a second', 'per second', tokens),
    table('control calls that change a key, a second', 'per second', changes),
    table('control calls that read the faults, a second', 'per second', reads),
    table(`journals of ${entries} entries read a second`, 'per second', journal),
    table('journals counted a second', 'per second', counts),
  ];
}

const isRestored: Target['isRight'] = ({ body }) => body.endsWith('"status":"active"}');

/** More replicas on the same cores, measured and simulated. */
async function grow(
  start: (prefix: string) => Promise<Replica>,
  costs: Costs,
  progress: (text: string) => void,
): Promise<{ growths: Growth[]; ratios: Ratio[] }> {
  const tasks: Record<string, () => Promise<number>> = {};
  for (const count of replicas) {
    const all: Replica[] = [];
    while (all.length < count) all.push(await start(`${count}`));
    const rate = (isMixed: boolean) => async (): Promise<number> => {
      const rates = all.map(({ doctors, change }) =>
        throughput(
          {
            who: withRedis,
            question: doctors,
            isRight: (answer) => isDoctors(answer) || isRestored(answer),
          },
          seconds * 2,
          isMixed ? [change, ...Array.from({ length: each - 2 }, () => doctors)] : [],
        ),
      );
      return (await Promise.all(rates)).reduce((sum, one) => sum + one, 0);
    };
    tasks[`${count} doctors`] = patiently(rate(false));
    tasks[`${count} changes`] = patiently(rate(true));
  }
  const found = await interleave(tasks, {
    rounds,
    dropped: 2,
    onRound: (round) => progress(`replicas: round ${round} of ${rounds}`),
  });
  const measured = (name: string): Point[] =>
    replicas.map((at) => ({ at, ...summarize(found[`${at} ${name}`] ?? []) }));
  const model = (changes: number): Point[] =>
    replicas.map((at) =>
      point(
        at,
        simulate(
          costs,
          { ...usual, replicas: at, changes, cores: availableParallelism(), roundTrip: 0 },
          seededRandom(at),
        ).perSecond,
      ),
    );
  const lines = [
    { who: 'measured', points: measured('doctors') },
    { who: 'simulated', points: model(0) },
    { who: 'measured, 1 %', points: measured('changes') },
    { who: 'simulated, 1 %', points: model(1 / each) },
  ];
  const off = (one: number, other: number): number[] =>
    replicas.map((_, index) => (lines[other]?.points[index]?.median ?? 0) / (lines[one]?.points[index]?.median ?? 0));
  const ratios = [off(0, 1), off(2, 3)].flatMap((values, index) =>
    values.map((value, at) => ({
      title: `simulated / measured, replicas on the same cores${index === 0 ? '' : ', with control calls'}: ${replicas[at]}`,
      value,
    })),
  );
  return {
    growths: [{ title: 'requests answered a second', of: 'replicas on the same cores', unit: 'per second', lines }],
    ratios,
  };
}

const usual: Omit<Setup, 'replicas' | 'changes' | 'cores' | 'roundTrip'> = {
  worlds: 1,
  isKept: false,
  connections: 16,
  // As many as src/mock/replica.ts allows.
  underWay: 1,
  seconds: 4,
};

const kinds = [
  { who: 'one world', worlds: 1, isKept: false },
  { who: 'sandboxes', worlds: sandboxes, isKept: false },
  { who: 'sticky', worlds: sandboxes, isKept: true },
].flatMap((kind) => [
  { ...kind, changes: 0 },
  { ...kind, who: `${kind.who}, 1 %`, changes: 1 / each },
]);

/** More replicas than there are cores here. */
function simulated(costs: Costs): Growth[] {
  const own = { ...costs, client: 0 };
  const found = kinds.map(({ who, ...kind }) => ({
    who,
    all: machines.map((at) => ({
      at,
      ...simulate(own, { ...usual, ...kind, replicas: at, cores: Infinity, roundTrip }, seededRandom(at)),
    })),
  }));
  const of = 'replicas';
  const lines = (read: (of: { perSecond: number; slowest: number }) => number): Growth['lines'] =>
    found.map(({ who, all }) => ({ who, points: all.map((one) => point(one.at, read(one))) }));
  return [
    {
      title: 'simulated requests a second',
      of,
      unit: 'per second',
      lines: lines(({ perSecond }) => perSecond),
    },
    { title: 'simulated time of the slowest in a hundred', of, unit: 'ms', lines: lines(({ slowest }) => slowest) },
  ];
}

function point(at: number, value: number): Point {
  return { at, ...summarize([value]) };
}
