// A canary in the place of the secret: it goes through every fault and every wrong use, and must come out nowhere.
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createClient, type Client } from '../../src/client/index.ts';
import type { Fault } from '../../src/mock/index.ts';
import type { Running } from '../support/command.ts';
import { mockHere } from '../support/in-process.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

const secret = 'canary-S3cret+/=:%"\'';
const scope = 'https://api.nextgen.arzamed.com/read';

const faults: Fault[] = [
  ...[503, 429, 401, 403, 418, 500].map((status) => ({ status })),
  { status: 302, headers: { Location: 'https://login.invalid/' }, body: '<html>', contentType: 'text/html' },
  ...(['slow', 'reset', 'close', 'truncate', 'garbage'] as const).map((delivery) => ({ delivery, body: '[]' })),
  { delay: { milliseconds: 1 } },
  { delay: { from: 0, to: 2 } },
  { delay: { median: 1, sigma: 1 } },
  { contentType: 'text/html' },
  { body: 'nothing of the kind' },
  { expiresIn: 1 },
  { status: 200, body: { access_token: 7 } },
];

let folder: TemporaryFolder;
let mock: Running;
let url: string;
/** Every token that was issued. */
const tokens: string[] = [];
/** All that anybody could read, other than the tokens in the answers that are to hold them. */
const seen: string[] = [];

beforeAll(async () => {
  const key = `  - clientId: canary\n    clientSecret: ${JSON.stringify(secret)}\n    status: active\n`;
  folder = await temporaryFolder({ 'canary.yaml': `name: Canary\nkeys:\n${key}responses:\n  listDoctors: []\n` });
  mock = await mockHere(/Ctrl-C to stop\.\n/, '--port', '0', '--clinics', folder.path);
  url = /http:\/\/127\.0\.0\.1:\d+/.exec(mock.stdout)?.[0] ?? '';
});
afterAll(async () => {
  await mock[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const tokenUrl = (): string => `${url}/auth/canary/oauth2/token`;
const pair = btoa(`canary:${secret}`);

/** Sends a request and keeps all that comes back, or how it failed. */
async function send(target: string, init: RequestInit = {}): Promise<string> {
  try {
    const response = await fetch(target, { redirect: 'manual', signal: AbortSignal.timeout(10_000), ...init });
    const text = await response.text();
    const token = /"access_token":"([^"]+)"/.exec(text)?.[1];
    if (token !== undefined) tokens.push(token);
    seen.push(inspect(response.headers), token === undefined ? text : text.replace(token, ''));
    return token ?? '';
  } catch (error) {
    seen.push(inspect(error, { depth: 10 }));
    return '';
  }
}

function requestToken(headers: Record<string, string>, form: Record<string, string> = {}): Promise<string> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', scope, ...form });
  return send(tokenUrl(), { method: 'POST', headers, body });
}

/** Notes what a client that ships shows of a token and a call. */
async function callWith(client: Client): Promise<void> {
  try {
    seen.push(inspect(await client.listDoctors()));
  } catch (error) {
    seen.push(inspect(error, { depth: 10, showHidden: true }), JSON.stringify(error), String(error));
  }
  seen.push(inspect(client, { depth: 10, showHidden: true }), JSON.stringify(client));
}

/** Uses credentials and token as one should, and in each place where they do not belong. */
async function useAll(): Promise<void> {
  const token = await requestToken({ Authorization: `Basic ${pair}` });
  const doctors = `${url}/api/v1/equipe/doctors`;
  const bearer = { Authorization: `Bearer ${token}`, Origin: `https://${encodeURIComponent(secret)}` };
  await send(doctors, { headers: bearer });
  await send(`${doctors}?client_secret=${encodeURIComponent(secret)}&access_token=${token}`, { headers: bearer });
  await send(`${url}/${encodeURIComponent(secret)}/${token}`);
  await send(`${url}/login/${encodeURIComponent(secret).toLowerCase()}`);
  await send(`${url}/auth/${encodeURIComponent(secret)}/oauth2/token`, { method: 'POST' });
  await send(`${url}/${pair}`, { method: 'DELETE' });
  await requestToken({}, { client_id: 'canary', client_secret: secret });
  await requestToken({ Authorization: `Basic ${pair}` }, { client_secret: secret });
  await requestToken({ Authorization: `Basic ${btoa(`canary:${secret}x`)}` }, { grant_type: secret, scope: secret });
  await requestToken({ Authorization: `Bearer ${token}` }, { [secret]: token });
  const body = JSON.stringify({ secret, token });
  await send(tokenUrl(), { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
  const options = { tokenUrl: tokenUrl(), clientId: 'canary', clientSecret: secret, baseUrl: `${url}/api/v1` };
  // How long it waits before it tries again shows nobody anything.
  await callWith(createClient({ ...options, sleep: () => Promise.resolve() }));
}

describe('neither the secret nor a token appears', () => {
  beforeAll(async () => {
    await useAll();
    for (const fault of faults) {
      for (const operationId of ['listDoctors', 'requestToken']) {
        // Both ways of the client must meet the fault, and a fault must not outlive its turn.
        await send(`${url}/_mock/faults`, { method: 'POST', body: JSON.stringify({ ...fault, operationId }) });
        await useAll();
        await send(`${url}/_mock/faults`, { method: 'DELETE' });
      }
    }
  }, 120_000);

  function expectNone(text: string): void {
    const forms = [secret, encodeURIComponent(secret), pair, ...tokens, ...tokens.map((token) => token.split('.')[2])];
    expect(forms.filter((form) => form !== undefined && form !== '' && text.includes(form))).toEqual([]);
  }

  test('in an answer, an error or a client', () => {
    expect(tokens.length).toBeGreaterThan(40);
    expectNone(seen.join('\n'));
  });

  test('in the journal', async () => {
    const journal = await (await fetch(`${url}/_mock/journal`)).text();
    expect(JSON.parse(journal).entries.length).toBeGreaterThan(200);
    expectNone(journal);
  });

  test('in the findings', async () => {
    const findings = await (await fetch(`${url}/_mock/findings?ended=true`)).text();
    expect(JSON.parse(findings).findings.length).toBeGreaterThan(4);
    expectNone(findings);
  });

  test('in what the command line prints after its list of credentials', async () => {
    const { stdout, stderr } = await mock.stop('SIGINT');
    expect(stdout).toContain('Stopped.');
    expectNone(stdout.slice(mock.stdout.length) + stderr);
  });
});
