// Nothing that a request waits for outlives its client, or the mock.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { arzamed } from '../support/command.ts';
import { soon } from '../support/runs.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const delay = { milliseconds: 600_000 };

/** Resolves when the mock has struck a call by its only fault. */
async function struck({ faults }: Pick<Mock, 'faults'>): Promise<void> {
  while (faults.list().length > 0) await new Promise(setImmediate);
}

describe('a delay ends', () => {
  test('when the mock closes, and its client has an answer', async () => {
    const mock = await startUsualMock();
    mock.faults.add({ delay, count: 1 });
    const response = fetch(`${mock.baseUrl}/equipe/doctors`);
    await struck(mock);
    const began = performance.now();
    await mock.close();
    expect(performance.now() - began).toBeLessThan(soon);
    expect((await response).status).toBe(401);
  });

  test('when its sandbox ends', async () => {
    await using mock = await startUsualMock();
    const sandbox = mock.sandboxes.create();
    sandbox.faults.add({ delay, count: 1 });
    const response = fetch(`${sandbox.baseUrl}/equipe/doctors`);
    await struck(sandbox);
    await sandbox.close();
    expect((await response).status).toBe(401);
  });

  test('when its client has gone', async () => {
    let gone: (() => void) | undefined;
    const ended = new Promise<void>((resolve) => (gone = resolve));
    const sleep = async (_milliseconds: number, signal: AbortSignal): Promise<void> => {
      await once(signal, 'abort');
      gone?.();
    };
    await using mock = await startUsualMock({ sleep });
    mock.faults.add({ delay, count: 1 });
    const client = new AbortController();
    const call = fetch(`${mock.baseUrl}/equipe/doctors`, { signal: client.signal }).catch(() => undefined);
    await struck(mock);
    client.abort();
    await Promise.all([call, ended]);
  });

  test('of a log-normal fault after ten minutes at most', async () => {
    const waits: number[] = [];
    await using mock = await startUsualMock({ sleep: async (milliseconds) => void waits.push(milliseconds) });
    mock.faults.add({ delay: { median: 600_000, sigma: 5 } });
    for (let call = 0; call < 20; call += 1) await (await fetch(`${mock.baseUrl}/equipe/doctors`)).text();
    expect([waits.length, Math.max(...waits)]).toEqual([20, 600_000]);
  });
});

async function started(child: ChildProcess): Promise<{ url: string; baseUrl: string }> {
  if (!child.stdout) throw new Error('It has no output.');
  const lines = createInterface(child.stdout);
  const [line] = await once(lines, 'line');
  const url = /http:\/\/[\d.]+:\d+/.exec(String(line))?.[0] ?? '';
  return { url, baseUrl: `${url}/api/v1` };
}

describe('the command', () => {
  test('ends soon after SIGTERM, with an answer held back and a log that nobody reads', async () => {
    const fault = JSON.stringify({ operationId: 'listDoctors', delay });
    const child = spawn(process.execPath, [arzamed, 'mock', '--port', '0', '--fault', fault], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const { url, baseUrl } = await started(child);
    child.stdout.pause();
    const call = fetch(`${baseUrl}/equipe/doctors`).catch(() => undefined);
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const last = `GET /${'x'.repeat(300)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
    socket.write(last.replace('Connection: close\r\n', '').repeat(1500) + last);
    await text(socket);
    const began = performance.now();
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect([code, performance.now() - began < soon]).toEqual([0, true]);
    await call;
  });

  const bash = existsSync('/bin/bash') && process.platform === 'linux' ? test : test.skip;
  bash('refuses connections with a sentence where few files may be open, and serves on', async () => {
    const command = `ulimit -n 64; exec '${process.execPath}' '${arzamed}' mock --port 0 --json`;
    const child = spawn('/bin/bash', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'] });
    const said = text(child.stderr);
    const { url } = await started(child);
    const { hostname, port } = new URL(url);
    const sockets = Array.from({ length: 100 }, () => connect(Number(port), hostname));
    const answers = await Promise.all(
      sockets.map(async (socket) => {
        socket.write('GET /_mock/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
        const [first] = await once(socket, 'data');
        return String(first).slice(9, 12);
      }),
    );
    for (const socket of sockets) socket.destroy();
    expect(new Set(answers)).toEqual(new Set(['200', '503']));
    // The mock has to hear of their ends first.
    while ((await fetch(`${url}/_mock/health`)).status !== 200);
    child.kill('SIGTERM');
    expect(await said).toMatch(/The limit of open files \(ulimit -n\) leaves the mock \d+ connections/);
  });
});
