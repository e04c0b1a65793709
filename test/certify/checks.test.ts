// Each check is proved by a program that is right but for one requirement, and is named by it.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RequirementResult } from '../../src/certify/certify.ts';
import { checks } from '../../src/certify/checks.ts';
import { freePort } from '../support/free-port.ts';
import { isLong } from '../support/runs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { certifyProgram, judgeByAll, openJudges, rightPrograms, set, type Judges } from './support.ts';

const ids = set.requirements.map(({ id }) => id);
/** Shown only by a program that keeps running. */
const needsServer = 'token-renewed';
const shown = ids.filter((id) => id !== needsServer);
/** In these a program takes seconds to show that it waits too long, or that its pauses do not grow. */
const endless = new Set(['time-limit', 'unavailable-bounded', 'unavailable-pauses']);
const tried = isLong ? ids : ids.filter((id) => !endless.has(id));

let judges: Judges;
/** By requirement: what is said of the program that breaks it. */
const judged = new Map<string, Promise<RequirementResult>>();
let client: Promise<RequirementResult[]>;
let right: Promise<RequirementResult[]>;
let server: Promise<RequirementResult>;

beforeAll(async () => {
  judges = await openJudges(3);
  const [port, other] = await Promise.all([freePort(), freePort()]);
  server = judges.judge(needsServer, { file: 'sync.mjs', port });
  judged.set(needsServer, judges.judge(needsServer, { file: 'sync.mjs', broken: needsServer, port: other }));
  client = judgeByAll(judges, { file: 'client.mjs' });
  right = isLong ? judgeByAll(judges, { file: 'sync.mjs' }) : Promise.resolve([]);
  for (const id of shown.filter((each) => tried.includes(each)))
    judged.set(id, judges.judge(id, { file: 'sync.mjs', broken: id }));
  for (const each of [client, right, server, ...judged.values()]) each.catch(() => undefined);
});
afterAll(async () => {
  await judges[Symbol.asyncDispose]();
});

test('each requirement has a check, and each check a requirement', () => {
  expect(Object.keys(checks).toSorted()).toEqual(ids.toSorted());
});

test("the toolkit's client meets all requirements", async () => {
  const others = (await client).filter(({ verdict }) => verdict !== 'met');
  expect(others.map(({ requirement, happened }) => [requirement.id, happened])).toEqual([[needsServer, 'Not run.']]);
}, 30_000);

test('a program that keeps running is triggered again after its token has expired', async () => {
  expect(await server).toMatchObject({ verdict: 'met' });
}, 30_000);

// So does the client.
(isLong ? test : test.skip)(
  'a program that is right is accused of nothing',
  async () => {
    const others = (await right).filter(({ verdict }) => verdict !== 'met');
    expect(others.map(({ requirement, happened }) => [requirement.id, happened])).toEqual([[needsServer, 'Not run.']]);
  },
  30_000,
);

test.each(tried)(
  'a program that breaks %s does not meet it',
  async (id) => {
    expect(await judged.get(id)).toMatchObject({ verdict: 'not met' });
  },
  30_000,
);

if (isLong) {
  const oneShot = 'The program has to run longer than a token lives. Run it with --trigger.';

  test.each(rightPrograms)(
    'a program in %s that is right is accused of nothing',
    async (_language, _command, start) => {
      await using out = await temporaryFolder();
      const others = (await certifyProgram(start(out.path))).filter(({ verdict }) => verdict !== 'met');
      expect(others.map(({ requirement, happened }) => [requirement.id, happened])).toEqual([[needsServer, oneShot]]);
    },
    180_000,
  );

  // One that does not work is tried in no other scenario.
  test.each(shown.filter((id) => id !== 'works'))(
    'a program that breaks %s meets all others',
    async (id) => {
      const results = await judgeByAll(judges, { file: 'sync.mjs', broken: id });
      const notMet = results.filter(({ verdict }) => verdict !== 'met' && verdict !== 'not observed');
      expect(notMet.map(({ requirement, happened }) => [requirement.id, happened])).toEqual([[id, expect.anything()]]);
    },
    60_000,
  );
}
