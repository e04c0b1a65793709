import { setTimeout as wait } from 'node:timers/promises';
import { discover } from '../intercept/discover.ts';
import { readWorld } from '../mock/clinics/world.ts';
import type { MockClinic } from '../mock/control/controls.ts';
import type { Finding } from '../mock/findings/findings.ts';
import { isLoopback } from '../mock/http/server.ts';
import type { Mock } from '../mock/instances.ts';
import type { MockOptions } from '../mock/options.ts';
import { paths } from '../mock/routing/paths.ts';
import { openMock } from '../mock/start-mock.ts';
import type { Told } from '../mock/state/journal.ts';
import type { SigningKey } from '../mock/state/signing-keys.ts';
import type { Operation } from '../openapi/operations.ts';
import type { MockCommandOptions } from './options.ts';
import { setScenario } from './scenario.ts';

/** Milliseconds for which who waits for the mock to listen can have his token, before Prism takes the processor. */
const headStart = 100;

/**
 * Plays the mock until it is told to stop.
 * @param signingKey the key that signs tokens, where it is being made already.
 * @throws Problem if it cannot be started as it is asked for.
 */
export async function runMock(options: MockCommandOptions, signingKey?: Promise<SigningKey>): Promise<void> {
  const { json = false, printEnv: shell, host, clinic, interceptHost: hosts = [], allowNetwork } = options;
  const stopped = untilStopped();
  const quiet = json || shell !== undefined;
  const print: MockOptions = quiet ? {} : { onAnswer: printAnswer, onFinding: printFinding, onReset: printReset };
  const played = readWorld(options);
  // Programs that meet the mock under the API's own name get their token there too.
  const publicUrl = options.publicUrl ?? (shell === undefined ? undefined : (await discover(await played)).origin);
  await using mock = await openMock({ ...options, publicUrl, ...print }, { played, signingKey });
  await setScenario(mock, options);
  await using _ =
    shell === undefined
      ? undefined
      : await (await import('./intercept.ts')).intercept(await played, mock, { shell, clinic, hosts, allowNetwork });
  // A token that was given is known to who gave it; one that was made up must be said.
  const madeUp = options.controlToken === undefined ? mock.controlToken : undefined;
  const { url, baseUrl, clinics } = mock;
  if (json) process.stdout.write(`${JSON.stringify({ url, baseUrl, clinics, controlToken: madeUp })}\n`);
  else if (!quiet) process.stdout.write(welcome(mock, { host, controlToken: madeUp }));
  await Promise.race([stopped, wait(headStart)]);
  await mock.load();
  await stopped;
  mock.findings.conclude();
  if (!quiet) process.stdout.write('Stopped.\n');
}

/** How the mock was started, as far as a person has to be told. */
interface Started {
  /** Where it listens. */
  host: string;
  /** One that was made up for this run. */
  controlToken: string | undefined;
}

/** What `arzamed mock` prints for a person: each clinic's token URL and credentials, and a pair of calls to paste. */
export function welcome(mock: Mock, { host, controlToken }: Started): string {
  return [
    `Mock of ${mock.api.document.info.title} at ${mock.baseUrl}`,
    '',
    ...mock.clinics.flatMap(describeClinic),
    ...pasteable(mock),
    ...describeName(mock, host),
    ...describeControlToken(mock, controlToken),
    'Press Ctrl-C to stop.',
    '',
  ].join('\n');
}

/** A mock that listens under all names of the machine cannot know which of them the others use. */
function describeName({ baseUrl }: Mock, host: string): string[] {
  if (isLoopback(host) || !isLoopback(new URL(baseUrl).hostname)) return [];
  return ['Other machines know this one by another name: with --public-url URL, the URLs above say it.', ''];
}

/** A token that was given is known to who gave it, and not shown. */
function describeControlToken(mock: Mock, madeUp: string | undefined): string[] {
  if (madeUp !== undefined) return [`Control token of this run, for ${paths.control}: ${madeUp}`, ''];
  if (mock.controlToken === undefined) return [];
  return [`Requests of ${paths.control} must present the control token that was given.`, ''];
}

function describeClinic({ clinic, tokenUrl, keys }: MockClinic): string[] {
  const width = Math.max(...keys.map(({ clientId }) => clientId.length));
  return [
    `  ${clinic}  ${tokenUrl}`,
    ...keys.map(({ clientId, clientSecret, status }) => {
      const note = status === 'active' ? '' : `  (${status})`;
      return `    ${clientId.padEnd(width)}  ${clientSecret}${note}`;
    }),
    '',
  ];
}

/** A token request and a call with its token, in a POSIX shell. */
function pasteable({ baseUrl, clinics, api: { operations, flow } }: Mock): string[] {
  const operation = operations.find(isSimple);
  const [clinic] = clinics;
  const key = clinic?.keys.find(({ status }) => status === 'active');
  if (!operation || !clinic || !key) return [];
  const scope = flow && flow.scopes.length > 0 ? ` -d ${quote(`scope=${flow.scopes.join(' ')}`)}` : '';
  return [
    'Try it:',
    '',
    `  TOKEN=$(curl -sS -u ${quote(`${key.clientId}:${key.clientSecret}`)} -d grant_type=client_credentials${scope} \\`,
    `    ${clinic.tokenUrl} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
    `  curl -sS -H "Authorization: Bearer $TOKEN" ${new URL(baseUrl).origin}${operation.serverPath}${operation.path}`,
    '',
  ];
}

/** An operation that can be called as it stands: a GET that needs no value of the caller's. */
function isSimple({ method, parameters, security }: Operation): boolean {
  return method === 'get' && security.credentials?.type === 'bearer' && !parameters.some(({ required }) => required);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * Prints a line for each answered request: status, method, path, clinic, key, why it was refused, the fault that struck
 * it, and how long it took.
 */
export function printAnswer(told: Told): void {
  const { status = 'none', method, path, sandbox, clinic, clientId, reason, fault, milliseconds } = told;
  const where = sandbox === undefined ? path : `/s/${sandbox}${path}`;
  const parts = [status, method.padEnd(4), where, clinic, clientId, reason, fault, `${Math.round(milliseconds)} ms`];
  process.stdout.write(`  ${parts.filter((part) => part !== undefined).join('  ')}\n`);
}

/** Prints a finding: what was seen, of whom, what to do instead, and where that is said. */
export function printFinding({ id, severity, message, remedy, source, clientId, entries }: Finding): void {
  const whose = clientId === undefined ? '' : `${clientId}: `;
  const lines = [
    `  ${severity}: ${id}  (journal ${entries.join(', ')})`,
    `    ${whose}${message}`,
    `    ${remedy}`,
    `    Source: ${source}`,
  ];
  process.stdout.write(`\n${lines.join('\n')}\n\n`);
}

/** Prints that everything is as it was at the start, so that the lines above are not taken for what the journal has. */
export function printReset(sandbox: string | undefined): void {
  const whose = sandbox === undefined ? 'reset' : `reset of /s/${sandbox}`;
  process.stdout.write(`  ${whose}: as it was at the start; journal and findings are empty\n`);
}

/**
 * Resolves when the process is to stop: on Ctrl-C (SIGINT), on SIGTERM as `kill` and containers send it, or when nobody
 * reads any more what it prints.
 */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
    process.stdout.once('error', () => resolve());
  });
}
