// `arzamed mock --workers N`: several processes answer as one would.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { arzamed, runArzamed } from '../support/command.ts';
import { bodyOf } from '../support/http.ts';

const onLinux = process.platform === 'linux' ? test : test.skip;

/** As many requests as make it certain that each worker gets some: connections are given out in turn. */
const many = 24;

let child: ChildProcess;
let stderr: string;
let url: string;
async function start(count: string): Promise<void> {
  child = spawn(process.execPath, [arzamed, 'mock', '--port', '0', '--json', '--workers', count]);
  stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [line] = await once(child.stdout ?? child, 'data');
  ({ url } = JSON.parse(String(line)));
}

async function stop(): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGINT');
  await once(child, 'close');
}

async function tokenOf(client: string): Promise<string> {
  const [clinic] = client.split('-');
  const answer = await fetch(`${url}/auth/${clinic}/oauth2/token`, {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa(`${client}:not-a-secret-${client}`)}` },
    signal: AbortSignal.timeout(2000),
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'https://api.nextgen.arzamed.com/read',
    }),
  });
  return String((await bodyOf(answer))['access_token']);
}

/** Statuses of requests at the same time, each on a connection of its own, and how often each came. */
async function ask(token: string): Promise<Record<string, number>> {
  const headers = { Authorization: `Bearer ${token}`, Connection: 'close' };
  const all = await Promise.all(
    Array.from({ length: many }, async () => {
      const answer = await fetch(`${url}/api/v1/equipe/doctors`, { headers });
      await answer.text();
      return answer.status;
    }),
  );
  return Object.fromEntries([...new Set(all)].map((status) => [status, all.filter((each) => each === status).length]));
}

async function control(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const answer = await fetch(`${url}/_mock${path}`, {
    method,
    headers: { 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(answer.ok).toBe(true);
  const text = await answer.text();
  return text === '' ? {} : JSON.parse(text);
}

/** The processes of the workers. */
async function workers(): Promise<number[]> {
  const text = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
  return text.trim().split(' ').map(Number);
}

describe('with workers', () => {
  beforeAll(() => start('3'));
  beforeEach(() => control('POST', '/reset'));
  afterAll(stop);

  test('all answer alike, and the journal has everything, in order', async () => {
    const token = await tokenOf('bianchi-backend');
    for (const _round of [1, 2, 3]) expect(await ask(token)).toEqual({ 200: many });
    const { entries } = await control('GET', '/journal?operationId=listDoctors');
    const seen = Array.isArray(entries) ? entries : [];
    expect(seen).toHaveLength(3 * many);
    const times = seen.map(({ time }) => Date.parse(String(time)));
    // To the millisecond: the clocks of two processes show a part of one apart.
    for (const [index, time] of times.entries()) expect(time).toBeGreaterThanOrEqual((times[index - 1] ?? 0) - 1);
    expect(seen.at(-1)).toMatchObject({ clinic: 'bianchi', clientId: 'bianchi-backend', status: 200 });
  });

  test('each clinic gets its own, whoever asked before', async () => {
    const tokens = await Promise.all(['bianchi-backend', 'ricci-backend'].map(tokenOf));
    const names = async (token: string | undefined): Promise<string> => {
      const answer = await fetch(`${url}/api/v1/equipe/doctors`, { headers: { Authorization: `Bearer ${token}` } });
      return answer.text();
    };
    const [first, other] = await Promise.all(tokens.map(names));
    expect(first).not.toBe(other);
    for (const _round of [1, 2, 3]) expect(await Promise.all(tokens.map(names))).toEqual([first, other]);
  });

  test('a key that was revoked is refused by all at once, and good again at once', async () => {
    const token = await tokenOf('bianchi-backend');
    expect(await ask(token)).toEqual({ 200: many });
    await control('POST', '/keys/bianchi-backend/revoke');
    expect(await ask(token)).toEqual({ 403: many });
    await control('POST', '/keys/bianchi-backend/restore');
    expect(await ask(token)).toEqual({ 200: many });
  });

  test('the clock, an answer and the reset hold for all at once', async () => {
    const token = await tokenOf('bianchi-backend');
    expect(await ask(token)).toEqual({ 200: many });
    await control('POST', '/clock/advance', { hours: 2 });
    expect(await ask(token)).toEqual({ 401: many });
    await control('POST', '/reset');
    expect(await ask(token)).toEqual({ 200: many });
    expect(await control('GET', '/journal/count')).toEqual({ count: many, dropped: 0 });
  });

  test('a fault for two requests strikes two of all', async () => {
    const token = await tokenOf('bianchi-backend');
    expect(await ask(token)).toEqual({ 200: many });
    await control('POST', '/faults', { operationId: 'listDoctors', status: 503, count: 2 });
    expect(await ask(token)).toEqual({ 200: many - 2, 503: 2 });
  });

  test.each(['reset', 'close', 'truncate'])('an answer that a fault breaks arrives broken: %s', async (delivery) => {
    const token = await tokenOf('bianchi-backend');
    await control('POST', '/faults', { operationId: 'listDoctors', delivery, count: 1 });
    const broken = async (): Promise<string> => {
      const answer = await fetch(`${url}/api/v1/equipe/doctors`, { headers: { Authorization: `Bearer ${token}` } });
      return answer.text();
    };
    await expect(broken()).rejects.toThrow(/fetch failed|terminated/);
    expect(await ask(token)).toEqual({ 200: many });
  });

  test('findings are told from the requests of all', async () => {
    await Promise.all([tokenOf('ricci-backend'), tokenOf('ricci-backend')]);
    await tokenOf('ricci-backend');
    const { findings } = await control('GET', '/findings');
    expect(findings).toMatchObject([{ id: 'token-not-cached', clientId: 'ricci-backend' }]);
  });

  test('a port that is in use is said as ever', async () => {
    const { code, stderr: said } = await runArzamed('mock', '--port', new URL(url).port, '--workers', '2');
    expect([code, said]).toEqual([2, expect.stringContaining('is in use by another program.')]);
  });
});

describe('of the workers', () => {
  beforeEach(() => start('3'));
  afterEach(stop);

  onLinux('one that dies is replaced, which is said, and nothing is lost but itself', async () => {
    const token = await tokenOf('bianchi-backend');
    const [first = 0, ...others] = await workers();
    expect(others).toHaveLength(2);
    process.kill(first, 'SIGKILL');
    const deadline = Date.now() + 10_000;
    while ((await workers()).includes(first) || (await workers()).length < 3) expect(Date.now()).toBeLessThan(deadline);
    expect(await ask(token)).toEqual({ 200: many });
    expect(stderr).toContain('arzamed: A worker ended (SIGKILL); another takes its place.\n');
  });

  onLinux('all end with the one that was started', async () => {
    const all = await workers();
    await stop();
    expect(child.exitCode).toBe(0);
    for (const pid of all) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  onLinux('all end where the one that was started is killed', async () => {
    const all = await workers();
    child.kill('SIGKILL');
    await once(child, 'close');
    const deadline = Date.now() + 5000;
    const lives = (pid: number): boolean => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    while (all.some(lives)) {
      expect(Date.now()).toBeLessThan(deadline);
      await setImmediate();
    }
  });

  onLinux('where the only one dies, its port stays the same', async () => {
    await stop();
    await start('1');
    const [only = 0] = await workers();
    process.kill(only, 'SIGKILL');
    const deadline = Date.now() + 10_000;
    // Until the other one listens, nobody does.
    while (!(await tokenOf('bianchi-backend').catch(() => ''))) expect(Date.now()).toBeLessThan(deadline);
    expect(await workers()).not.toContain(only);
  });
});

test.each(['0', '-1', 'x', '1.5', '257'])('--workers %s is refused', async (workers) => {
  const { code, stderr: said } = await runArzamed('mock', '--port', '0', `--workers=${workers}`);
  expect([code, said]).toEqual([2, expect.stringContaining('Expected a number from 1 to 256.')]);
});

test('--workers and --intercept do not go together', async () => {
  const { code, stderr: said } = await runArzamed('mock', '--port', '0', '--workers', '2', '--intercept');
  expect([code, said]).toEqual([2, expect.stringContaining('--workers and --intercept do not go together')]);
});
