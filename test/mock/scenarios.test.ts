// Named scenarios: what happens at which time of the mock's clock.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { bearerOf, requestToken } from '../support/http.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const scope = 'https://api.nextgen.arzamed.com/read';
const start = Date.parse('2026-11-23T00:00:00Z');

let now: number;
let mock: Mock;
beforeEach(async () => {
  now = start;
  mock = await startUsualMock({ now: () => now });
});
afterEach(() => mock.close());

async function post(path: string): Promise<unknown> {
  return (await fetch(`${mock.url}/_mock${path}`, { method: 'POST' })).json();
}

async function statusOf(authorization: string): Promise<number> {
  return (await fetch(`${mock.baseUrl}/equipe/doctors`, { headers: { Authorization: authorization } })).status;
}

describe('the bundled scenarios', () => {
  test('are listed with what happens, and none runs', async () => {
    const listed = await mock.scenarios.list();
    expect(listed.map(({ name }) => name)).toEqual(['key-revoked', 'rate-limit', 'slow-monday', 'token-service-down']);
    expect(listed.every(({ running, about, steps }) => !running && about.endsWith('.') && steps.length > 0)).toBe(true);
    expect(await (await fetch(`${mock.url}/_mock/scenarios`)).json()).toEqual(listed);
  });

  test('token-service-down: from eight on for half an hour, and known tokens stay good', async () => {
    await post('/scenarios/token-service-down/start');
    expect(new Date(mock.clock.now()).toISOString()).toBe('2026-11-23T07:55:00.000Z');
    const bearer = await bearerOf(mock, 'bianchi', { scope });
    now += 5 * 60_000;
    expect((await requestToken(mock, 'bianchi', { scope })).status).toBe(503);
    expect(await statusOf(bearer)).toBe(200);
    now += 30 * 60_000;
    expect((await requestToken(mock, 'bianchi', { scope })).status).toBe(200);
  });

  test('key-revoked: at noon, for an hour', async () => {
    await mock.scenarios.start('key-revoked');
    const bearer = await bearerOf(mock, 'bianchi', { scope });
    expect(await statusOf(bearer)).toBe(200);
    mock.clock.advance({ minutes: 5 });
    expect(await statusOf(bearer)).toBe(403);
    mock.clock.advance({ hours: 1 });
    expect((await requestToken(mock, 'bianchi', { scope })).status).toBe(200);
    expect(mock.keys.list('bianchi')[0]).toMatchObject({ status: 'active' });
  });

  test('rate-limit: refills evenly, and Retry-After is on the clock of the mock', async () => {
    await mock.scenarios.start('rate-limit');
    const bearer = await bearerOf(mock, 'bianchi', { scope });
    for (let count = 0; count < 60; count += 1) expect(await statusOf(bearer)).toBe(200);
    const headers = { Authorization: bearer };
    const refused = await fetch(`${mock.baseUrl}/equipe/doctors`, { headers });
    expect([refused.status, refused.headers.get('Retry-After')]).toEqual([429, '1']);
    mock.clock.advance({ seconds: 1 });
    expect([await statusOf(bearer), await statusOf(bearer)]).toEqual([200, 429]);
  });

  test('slow-monday: slow from half past eight, failing from nine', async () => {
    await mock.scenarios.start('slow-monday');
    expect(mock.faults.list()).toEqual([]);
    mock.clock.advance({ minutes: 5 });
    expect(mock.faults.list()).toMatchObject([{ delay: { median: 1500 } }]);
    mock.clock.advance({ minutes: 30 });
    expect(mock.faults.list()).toMatchObject([{}, { status: 503 }]);
    mock.clock.advance({ hours: 2 });
    expect(mock.faults.list()).toEqual([]);
  });
});

describe('a scenario', () => {
  test('ends its faults when it is stopped, and others stay', async () => {
    mock.faults.add({ status: 500, count: 1 });
    await mock.scenarios.start('rate-limit');
    expect(mock.faults.list()).toHaveLength(2);
    expect(await post('/scenarios/rate-limit/stop')).toMatchObject({ running: false, steps: [{ done: false }] });
    expect(mock.faults.list()).toMatchObject([{ id: 'fault-1' }]);
  });

  test('takes the place of the one that runs', async () => {
    await mock.scenarios.start('rate-limit');
    await mock.scenarios.start('key-revoked');
    const running = (await mock.scenarios.list()).filter((each) => each.running);
    expect(running.map(({ name }) => name)).toEqual(['key-revoked']);
    expect(mock.faults.list()).toEqual([]);
  });

  test('counts from when it was due what came while nothing was asked', async () => {
    await mock.scenarios.start('token-service-down');
    mock.clock.advance({ minutes: 34 });
    expect(mock.faults.list()).toMatchObject([{ seconds: 60 }]);
    await mock.scenarios.start('token-service-down');
    mock.clock.advance({ hours: 3 });
    expect(mock.faults.list()).toEqual([]);
  });

  test('is that of one sandbox', async () => {
    await using sandbox = mock.sandboxes.create();
    await sandbox.scenarios.start('rate-limit');
    expect((await mock.scenarios.list()).some(({ running }) => running)).toBe(false);
    expect(mock.faults.list()).toEqual([]);
  });

  test('that there is not is refused with the names of those that there are', async () => {
    await expect(mock.scenarios.start('rate-limits')).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('rate-limit'),
    });
  });
});

describe('the option', () => {
  test('scenario runs one from the start, and again after a reset', async () => {
    await using started = await startUsualMock({ scenario: 'rate-limit' });
    started.faults.clear();
    started.reset();
    expect(started.faults.list()).toMatchObject([{ status: 429 }]);
    await expect(startUsualMock({ scenario: 'rate' })).rejects.toMatchObject({ code: 'option_invalid' });
  });

  test.each([
    ['steps:\n  - addFault: { status: 503 }\n', 'It has no about'],
    ['about: Odd.\nsteps:\n  - addFault: { stauts: 503 }\n', 'bad.yaml:3'],
    ['about: Odd.\nsteps:\n  - after: { weeks: 1 }\n    revokeKey: { clientId: x }\n', 'bad.yaml:3'],
    ['about: Odd.\nsteps:\n  - advanceClock: { hours: 1 }\n', 'The steps follow the clock'],
    ['about: Odd.\nclock: noon\nsteps: []\n', 'bad.yaml:2'],
    ['about: Odd.\nsteps: []\nwhy: none\n', 'why is none of'],
  ])('scenarios names a folder, where %j is refused with its place', async (text, told) => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'bad.yaml'), text);
    await expect(startUsualMock({ scenarios: folder.path, scenario: 'bad' })).rejects.toMatchObject({
      code: 'scenario_invalid',
      message: expect.stringContaining(told),
    });
    await using started = await startUsualMock({ scenarios: folder.path });
    await expect(started.scenarios.list()).rejects.toMatchObject({ code: 'invalid' });
  });

  test('a step that is impossible is told, and the others happen', async () => {
    await using folder = await temporaryFolder();
    const steps = 'steps:\n  - revokeKey: { clientId: nobody }\n  - addFault: { status: 503 }\n';
    await writeFile(join(folder.path, 'own.yaml'), `about: Two things.\n${steps}`);
    await using started = await startUsualMock({ scenarios: folder.path, scenario: 'own' });
    expect(await started.scenarios.list()).toMatchObject([
      { name: 'own', running: true, steps: [{ problem: expect.stringContaining('nobody') }, { done: true }] },
    ]);
    expect(started.faults.list()).toHaveLength(1);
  });
});
