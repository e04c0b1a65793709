// What the terminal of `arzamed mock` shows beside the answers.
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { startArzamedWith, type Running } from '../support/command.ts';
import { setVariables } from '../support/environment.ts';
import { bodyOf } from '../support/http.ts';
import { mockHere } from '../support/in-process.ts';
import { runs } from '../support/runs.ts';

function urlOf({ stdout }: Running): string {
  return /at (http:\/\/[\d.:]+)\/api\/v1/.exec(stdout)?.[1] ?? '';
}

describe('the terminal', () => {
  test('has a line for a reset, which forgets what stood above', async () => {
    await using mock = await mockHere(/Ctrl-C/, '--port', '0');
    await fetch(`${urlOf(mock)}/_mock/reset`, { method: 'POST' });
    const { stdout } = await mock.stop('SIGINT');
    expect(stdout).toMatch(/\n  reset: initial state; journal and findings are empty\nStopped\.\n$/);
  });
});

test('a path is no command to what reads the log', async () => {
  await using mock = await mockHere(/Ctrl-C/, '--port', '0');
  const { hostname, port } = new URL(urlOf(mock));
  const socket = connect(Number(port), hostname);
  socket.write('GET /##vso[task.complete] HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  await text(socket);
  const { stdout } = await mock.stop('SIGINT');
  expect(stdout).toContain(String.raw`GET   /##\ vso[task.complete]`);
});

describe('the line of a refused request', () => {
  test('says whose it is', async () => {
    await using mock = await mockHere(/Ctrl-C/, '--port', '0');
    const url = urlOf(mock);
    const token = await fetch(`${url}/auth/bianchi/oauth2/token`, {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa('bianchi-revoked:not-a-secret-bianchi-revoked')}` },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        scope: 'https://api.nextgen.arzamed.com/read',
      }),
    });
    const authorization = `Bearer ${String((await bodyOf(token))['access_token'])}`;
    await fetch(`${url}/api/v1/equipe/doctors`, { headers: { Authorization: authorization } });
    const { stdout } = await mock.stop('SIGINT');
    expect(stdout).toMatch(
      /\n  [\d:]{8}  #1  200  POST  \/auth\/bianchi\/oauth2\/token  bianchi  bianchi-revoked  \d+ ms\n/,
    );
    expect(stdout).toMatch(
      /\n  [\d:]{8}  #2  403  GET   \/api\/v1\/equipe\/doctors  bianchi  bianchi-revoked  revoked_key  \d+ ms\n/,
    );
  });
});

test('the line of a request that a fault struck says what the fault does', async () => {
  const fault = '{"delay":{"from":1,"to":2},"status":503,"headers":{"X-Why":"canary"},"count":1}';
  await using mock = await mockHere(/Ctrl-C/, '--port', '0', '--fault', fault);
  await fetch(`${urlOf(mock)}/api/v1/equipe/doctors`);
  const { stdout } = await mock.stop('SIGINT');
  expect(stdout).toMatch(
    /\n  [\d:]{8}  #1  503  GET   \/api\/v1\/equipe\/doctors  delay 1 to 2 ms, status 503, header X-Why  \d+ ms\n/,
  );
});

describe('the terminal explains', () => {
  test('each cause once, with what to do', async () => {
    await using mock = await mockHere(/Ctrl-C/, '--port', '0');
    for (let count = 0; count < 3; count += 1) await fetch(`${urlOf(mock)}/api/v1/equipe/doctors`);
    const { stdout } = await mock.stop('SIGINT');
    expect(stdout.match(/missing_token: There is no Authorization header/g)).toHaveLength(1);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('Ask the token URL for a token, and send it as');
  });
});

test('the terminal has a line for each call of the control API that changes something', async () => {
  await using mock = await mockHere(/Ctrl-C/, '--port', '0');
  await fetch(`${urlOf(mock)}/_mock/keys/bianchi-backend/revoke`, { method: 'POST' });
  await fetch(`${urlOf(mock)}/_mock/faults`);
  const { stdout } = await mock.stop('SIGINT');
  expect(stdout).toMatch(/\n  [\d:]{8}  control  200  POST  \/_mock\/keys\/bianchi-backend\/revoke\n/);
  expect(stdout).not.toContain('/_mock/faults\n');
});

test('--verbose prints request and answer without a secret, --quiet neither', async () => {
  const secret = 'not-a-secret-bianchi-backend';
  for (const [option, shown] of [
    ['--verbose', true],
    ['--quiet', false],
  ] as const) {
    await using mock = await mockHere(/Ctrl-C/, '--port', '0', option);
    const from = mock.stdout.length;
    const headers = { Authorization: `Bearer ${secret}`, 'X-Why': 'because' };
    await fetch(`${urlOf(mock)}/api/v1/equipe/doctors?key=${secret}`, { headers });
    const printed = (await mock.stop('SIGINT')).stdout.slice(from);
    expect(printed.includes('      > x-why: because\n') && printed.includes('      < 401\n')).toBe(shown);
    expect(printed).not.toContain(secret);
    if (!shown) expect(printed.trim()).toBe('Stopped.');
  }
});

test('colours are for a terminal, or where the environment asks for them', async () => {
  const asked = [
    [{ FORCE_COLOR: '1', NO_COLOR: '' }, true],
    [{ FORCE_COLOR: '0' }, false],
  ] as const;
  for (const [variables, shown] of asked.slice(0, runs(1, 2))) {
    await using mock = await startArzamedWith({ ...variables }, /Ctrl-C/, 'mock', '--port', '0');
    await fetch(`${urlOf(mock)}/api/v1/equipe/doctors`);
    expect((await mock.stop('SIGINT')).stdout.includes('\u001B[31m401')).toBe(shown);
  }
});

describe('a mock for other machines', () => {
  const hint = /Other machines need another hostname in these URLs: set it with --public-url URL\.\n/;

  test('says how the URLs get a name that others can reach', async () => {
    await using mock = await mockHere(/Ctrl-C/, '--port', '0', '--host', '0.0.0.0');
    expect(mock.stdout).toMatch(hint);
  });

  test.each([
    ['on this machine alone', []],
    ['with a public URL', ['--host', '0.0.0.0', '--public-url', 'http://mock.example:4010']],
  ])('and not %s', async (_name, options) => {
    await using mock = await mockHere(/Ctrl-C/, '--port', '0', ...options);
    expect(mock.stdout).not.toMatch(hint);
  });
});

describe('the control token', () => {
  const token = 'canary-of-the-environment';

  test('from the environment is asked for, which the terminal says without showing it', async () => {
    using _variables = setVariables({ ARZAMED_CONTROL_TOKEN: token });
    await using mock = await mockHere(/Ctrl-C/, '--port', '0');
    expect(mock.stdout).toContain('Requests of /_mock need the given control token.\n');
    expect(mock.stdout).not.toContain(token);
    expect((await fetch(`${urlOf(mock)}/_mock/clock`)).status).toBe(401);
  });

  test('that is empty in the environment counts as not set', async () => {
    using _variables = setVariables({ ARZAMED_CONTROL_TOKEN: '' });
    await using mock = await mockHere(/Ctrl-C/, '--port', '0');
    expect(mock.stdout).not.toContain('control token');
    expect((await fetch(`${urlOf(mock)}/_mock/clock`)).status).toBe(200);
  });
});
