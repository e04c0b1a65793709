import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Mock, MockOptions } from '../../src/mock/index.ts';
import { readWorld, type Played } from '../../src/mock/clinics/world.ts';
import { makeSigningKey } from '../../src/mock/state/signing-keys.ts';
import { openMock } from '../../src/mock/start-mock.ts';
import type { Store } from '../../src/mock/state/store.ts';
import { createControlClient, type ControlClient } from '../../src/control/index.ts';
import { parseObject, textAt } from '../../src/util/json.ts';

// To make one takes longer than most tests. Replicas in turn have another of their own.
const signingKeys = [makeSigningKey(), makeSigningKey()];
let started = 0;
const worlds = new Map<string, Promise<Played>>();

/** Starts a replica of a mock in this process. @param store where none is named. */
export async function startReplica(
  options: MockOptions,
  store?: Store,
  warn?: (sentence: string) => void,
): Promise<Mock> {
  const files = JSON.stringify([options.spec, options.clinics]);
  const played = worlds.get(files) ?? readWorld(options);
  worlds.set(files, played);
  started += 1;
  const signingKey = signingKeys[started % signingKeys.length];
  const mock = await openMock(options, {
    played,
    signingKey,
    patience: 500,
    ...(store ? { store } : {}),
    ...(warn ? { warn } : {}),
  });
  await mock.load();
  return mock;
}

interface Running {
  url: string;
  pid: number;
  kill: () => Promise<void>;
}

/** Starts the built `arzamed mock` as a process of its own. */
export function startProcess(...words: string[]): Promise<Running> {
  return run('dist/cli/main.js', 'mock', '--port', '0', '--json', ...words);
}

/** Starts a mock as a process of its own that a store may let wait. */
export function startPatient(options: MockOptions): Promise<Running> {
  return run('test/support/patient-replica.ts', JSON.stringify(options));
}

async function run(...words: string[]): Promise<Running> {
  const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let text = '';
  for await (const part of child.stdout) {
    text += String(part);
    if (text.includes('\n')) break;
  }
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  return { url: textAt(parseObject(text), 'url') ?? '', pid: child.pid ?? 0, kill };
}

export function controlOf(mock: { url: string }): ControlClient {
  return createControlClient({ url: mock.url });
}

/** Asks one replica for a token of a key, and returns the status and the `Authorization` header. */
export async function tokenFrom(
  { url }: { url: string },
  { clinic, clientId, clientSecret }: { clinic: string; clientId: string; clientSecret: string },
): Promise<{ status: number; authorization: string; body: string }> {
  const response = await fetch(`${url}/auth/${clinic}/oauth2/token`, {
    method: 'POST',
    headers: { Authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'https://api.nextgen.arzamed.com/read' }),
  });
  const body = await response.text();
  const token = /"access_token":"([^"]*)"/.exec(body)?.[1] ?? '';
  return { status: response.status, authorization: `Bearer ${token}`, body };
}

/** The status of a call of the API at one replica. */
export async function callAt({ url }: { url: string }, authorization: string): Promise<number> {
  const response = await fetch(`${url}/api/v1/equipe/doctors`, { headers: { Authorization: authorization } });
  await response.arrayBuffer();
  return response.status;
}
