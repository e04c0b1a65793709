// Each check is proved by a program that is right but for one requirement, and is named by it.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { checks } from '../../src/certify/checks.ts';
import { isLong } from '../support/runs.ts';
import { judgeByAll, openJudges, set, type Judges } from './support.ts';
import type { Result } from '../../src/certify/certify.ts';

const ids = set.requirements.map(({ id }) => id);
/** Those that a program shows that is started once; the others are shown by one that keeps running: programs.test.ts. */
const shown = ids.filter((id) => id !== 'token-renewed');

let judges: Judges;
/** By requirement: what is said of the program that breaks it. */
const judged = new Map<string, Promise<Result>>();
let client: Promise<Result[]>;

beforeAll(async () => {
  judges = await openJudges(3);
  client = judgeByAll(judges, { file: 'client.mjs' });
  for (const id of shown) judged.set(id, judges.judge(id, { file: 'sync.mjs', broken: id }));
  for (const each of [client, ...judged.values()]) each.catch(() => undefined);
});
afterAll(() => judges[Symbol.asyncDispose]());

test('each requirement has a check, and each check a requirement', () => {
  expect(Object.keys(checks).toSorted()).toEqual(ids.toSorted());
});

test("the toolkit's client meets all requirements", async () => {
  const others = (await client).filter(({ verdict }) => verdict !== 'met');
  expect(others.map(({ requirement, verdict, happened }) => [requirement.id, verdict, happened])).toEqual([
    ['token-renewed', 'not observed', 'Not run.'],
  ]);
}, 30_000);

test.each(shown)(
  'a program that breaks %s does not meet it',
  async (id) => {
    expect(await judged.get(id)).toMatchObject({ verdict: 'not met' });
  },
  30_000,
);

if (isLong) {
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
