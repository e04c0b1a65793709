// What is told of a request after which nothing came: the time that passes is the tests' own.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Finding, Mock } from '../../src/mock/index.ts';
import { bearerOf } from '../support/http.ts';
import { exchangeBytes } from '../support/raw-http.ts';
import { startUsualMock } from '../support/usual-mock.ts';
import { isLong } from '../support/runs.ts';

const inLong = isLong ? test : test.skip;

const scope = 'https://api.nextgen.arzamed.com/read';
const once = { operationId: 'listDoctors', status: 503, count: 1 };

let mock: Mock;
let now: number;
let told: Finding[];
let timers: { at: number; act: () => void }[];
beforeEach(async () => {
  now = Date.parse('2026-11-23T12:00:00Z');
  told = [];
  timers = [];
  mock = await startUsualMock({
    now: () => now,
    onFinding: (finding) => told.push(finding),
    schedule: (act, milliseconds) => {
      const timer = { at: now + milliseconds, act };
      timers.push(timer);
      return () => (timers = timers.filter((other) => other !== timer));
    },
  });
});
afterEach(() => mock.close());

/** Lets time pass, and the timers that end meanwhile. */
function pass(seconds: number): void {
  const end = now + seconds * 1000;
  for (;;) {
    const next = timers.toSorted((a, b) => a.at - b.at).find(({ at }) => at <= end);
    if (!next) break;
    timers = timers.filter((other) => other !== next);
    now = next.at;
    next.act();
  }
  now = end;
}

async function ask(authorization: string, { url }: { url: string } = mock): Promise<void> {
  await (await fetch(`${url}/api/v1/equipe/doctors`, { headers: { Authorization: authorization } })).text();
}

describe('a 503 without a retry is told', () => {
  test('when its minute is over, without another request', async () => {
    const token = await bearerOf(mock, 'bianchi', { scope });
    mock.faults.add(once);
    await ask(token);
    pass(59);
    expect(told).toEqual([]);
    pass(2);
    expect(told).toMatchObject([{ id: 'unavailable-not-retried', clientId: 'bianchi-backend', entries: [2] }]);
  });

  test('for each client when its own minute is over', async () => {
    const tokens = [await bearerOf(mock, 'bianchi', { scope }), await bearerOf(mock, 'ricci', { scope })];
    mock.faults.add({ ...once, count: 2 });
    for (const token of tokens) {
      await ask(token);
      pass(30);
    }
    pass(1);
    expect(told.map(({ clientId }) => clientId)).toEqual(['bianchi-backend']);
    pass(30);
    expect(told.map(({ clientId }) => clientId)).toEqual(['bianchi-backend', 'ricci-backend']);
  });

  test('a minute after the time that Retry-After says, however long', async () => {
    const token = await bearerOf(mock, 'bianchi', { scope });
    mock.faults.add({ ...once, headers: { 'Retry-After': '10000000' } });
    await ask(token);
    pass(10_000_059);
    expect(told).toEqual([]);
    pass(2);
    expect(told).toMatchObject([{ id: 'unavailable-not-retried' }]);
  });

  test('of a sandbox as well', async () => {
    const sandbox = mock.sandboxes.create();
    const token = await bearerOf(sandbox, 'bianchi', { scope });
    sandbox.faults.add(once);
    await ask(token, sandbox);
    pass(61);
    expect(told).toMatchObject([{ id: 'unavailable-not-retried' }]);
  });

  test('not once the mock was reset, the journal cleared or the sandbox ended', async () => {
    const sandbox = mock.sandboxes.create();
    const worlds = [
      { world: mock, forget: () => mock.reset() },
      { world: mock, forget: () => mock.journal.clear() },
      { world: sandbox, forget: () => mock.sandboxes.end(sandbox.id ?? '') },
    ];
    for (const { world, forget } of worlds) {
      const token = await bearerOf(world, 'bianchi', { scope });
      world.faults.add(once);
      await ask(token, world);
      forget();
      expect(timers).toEqual([]);
    }
    pass(3600);
    expect(told).toEqual([]);
  });

  test('not by time where the clock was moved meanwhile, only once the client has ended', async () => {
    const token = await bearerOf(mock, 'bianchi', { scope });
    mock.faults.add(once);
    await ask(token);
    mock.clock.advance({ minutes: 10 });
    pass(3600);
    expect(mock.findings.list()).toEqual([]);
    expect(mock.findings.conclude()).toMatchObject([{ id: 'unavailable-not-retried' }]);
  });
});

test('a retry after the clock was moved is one', async () => {
  const token = await bearerOf(mock, 'bianchi', { scope });
  mock.faults.add(once);
  await ask(token);
  mock.clock.advance({ minutes: 10 });
  await ask(token);
  expect(mock.findings.conclude()).toEqual([]);
});

test('a client that has got its answer leaves no timer behind', async () => {
  const token = await bearerOf(mock, 'bianchi', { scope });
  mock.faults.add(once);
  await ask(token);
  expect(timers).toHaveLength(1);
  await ask(token);
  expect(timers).toEqual([]);
});

describe('a token endpoint that is down', () => {
  const down = { operationId: 'requestToken', status: 503 };

  test('is rightly asked no more by a client whose token still holds', async () => {
    const token = await bearerOf(mock, 'bianchi', { scope });
    pass(3000);
    mock.faults.add({ ...down, count: 1 });
    await bearerOf(mock, 'bianchi', { scope });
    await ask(token);
    pass(61);
    expect(mock.findings.conclude()).toEqual([]);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['has none', async () => {}],
    ['has one that is over its time', async () => bearerOf(mock, 'bianchi', { scope }).then(() => pass(3601))],
    [
      'has one that was refused',
      async () => {
        const token = await bearerOf(mock, 'bianchi', { scope });
        mock.faults.add({ ...once, status: 401 });
        await ask(token);
      },
    ],
  ])('is to be asked again by a client that %s', async (_name, before) => {
    await before();
    mock.faults.add({ ...down, count: 1 });
    await bearerOf(mock, 'bianchi', { scope });
    pass(61);
    expect(mock.findings.list()).toMatchObject([{ id: 'unavailable-not-retried', operationId: 'requestToken' }]);
  });
});

inLong(
  'what is kept of calls that failed does not grow with the ids in their paths',
  async () => {
    await using ferries = await startUsualMock({
      spec: 'test/other-api/ferries.yaml',
      clinics: 'test/other-api/clinics',
      now: () => now,
      schedule: () => () => {},
      limits: { journalEntries: 1 },
    });
    ferries.faults.add({ status: 503 });
    const idLength = 8000;
    let id = 10 ** 9;
    /** Calls in one go on one connection, each with an id of its own. */
    const askFor = async (calls: number): Promise<number> => {
      const heads = Array.from({ length: calls }, (_, index) => {
        const path = `/v2/sailings/${String((id += 1)).padEnd(idLength, '0')}`;
        return `GET ${path} HTTP/1.1\r\nHost: mock\r\nConnection: ${index < calls - 1 ? 'keep-alive' : 'close'}\r\n\r\n`;
      });
      now += 1000;
      const port = Number(new URL(ferries.url).port);
      const { closedByServer } = await exchangeBytes(port, Buffer.from(heads.join('')), {
        halfClose: false,
        deadline: 30_000,
      });
      expect(closedByServer).toBe(true);
      return heapUsed();
    };
    // Something may be kept, as long as it is not ever more.
    await askFor(1100);
    const [before, after] = [await askFor(200), await askFor(200)];
    expect(ferries.journal.newest).toBe(1500);
    expect(after - before).toBeLessThan((200 * idLength) / 2);
  },
  60_000,
);

/** Bytes that cannot be freed. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('Node has no gc().');
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}
