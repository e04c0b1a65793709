// Each check is proved by a program that is right but for one requirement, and is named by it.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { checks } from '../../src/certify/checks.ts';
import { broken, openJudge, set } from './support.ts';

const ids = set.requirements.map(({ id }) => id);
/** Shown only by a program that keeps running. */
const ofServers = new Set(['token-renewed']);

let stage: Awaited<ReturnType<typeof openJudge>>;
beforeAll(async () => {
  stage = await openJudge();
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
});

test('each requirement has a check, and each check a requirement', () => {
  expect(Object.keys(checks).toSorted()).toEqual(ids.toSorted());
});

test.each(ids.filter((id) => !ofServers.has(id)))('a program that breaks %s does not meet it', async (id) => {
  expect(await stage.judge(id, broken(id))).toMatchObject({ verdict: 'not met' });
});
