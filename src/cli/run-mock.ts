import { on, once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { printEnvironment } from '../intercept/child/print-environment.ts';
import { credentialsOf } from '../intercept/discovery.ts';
import { discover, interceptedHosts } from '../intercept/hosts.ts';
import type { Interception } from '../intercept/intercept.ts';
import { readWorld, type Played } from '../mock/clinics/world.ts';
import type { Finding } from '../mock/findings/findings.ts';
import type { Mock } from '../mock/instances.ts';
import type { MockOptions } from '../mock/options.ts';
import { openMock } from '../mock/start-mock.ts';
import type { Told } from '../mock/state/journal.ts';
import type { SigningKey } from '../mock/state/signing-keys.ts';
import { wrongExamples } from '../openapi/examples.ts';
import type { MockCommandOptions } from './options.ts';
import { setScenario } from './scenario.ts';
import { codeOf, warningLines } from '../util/errors.ts';
import { welcome } from './welcome.ts';
import { printable } from '../util/terminal.ts';

/** Milliseconds for first token requests, before loading Prism blocks the processor. */
const headStart = 100;

/**
 * Runs the mock until it is stopped.
 * @param signingKey key that signs tokens, if one is already being generated.
 * @throws Problem if an option is invalid.
 */
export async function runMock(options: MockCommandOptions, signingKey?: Promise<SigningKey>): Promise<void> {
  const { json = false, printEnv: shell, host } = options;
  using stop = listenForStop();
  const quiet = json || shell !== undefined;
  const print: MockOptions = quiet ? {} : { onAnswer: printAnswer, onFinding: printFinding, onReset: printReset };
  const played = readWorld(options);
  // Intercepted programs get their tokens under the API's own hostname too.
  const publicUrl = options.publicUrl ?? (shell === undefined ? undefined : (await discover(await played)).origin);
  await using mock = await openMock({ ...options, publicUrl, ...print }, { played, signingKey, warn });
  process.stderr.write(warningLines(mock.api.warnings));
  await setScenario(mock, options);
  await using interception = shell === undefined ? undefined : await intercept(await played, mock, options);
  if (shell && interception) process.stdout.write(printEnvironment(interception.child, shell));
  // A generated token must be shown; a given one must not.
  const madeUp = options.controlToken === undefined ? mock.controlToken : undefined;
  const { url, baseUrl, clinics } = mock;
  if (json) process.stdout.write(`${JSON.stringify({ url, baseUrl, clinics, controlToken: madeUp })}\n`);
  else if (!quiet) process.stdout.write(welcome(mock, { host, controlToken: madeUp }));
  await Promise.race([stop.stopped, wait(headStart)]);
  await Promise.race([stop.stopped, mock.load()]);
  // Those of the bundled document are checked by its tests.
  if (options.spec !== undefined) await warnOfExamples(mock, stop.stopped);
  await stop.stopped;
  mock.findings.conclude();
  if (!quiet) process.stdout.write('Stopped.\n');
}

function warn(sentence: string): void {
  process.stderr.write(warningLines([sentence]));
}

const mostExamples = 10;

async function warnOfExamples({ api }: Mock, stopped: Promise<unknown>): Promise<void> {
  let isStopped = false;
  stopped.then(() => (isStopped = true)).catch(() => {});
  let count = 0;
  for await (const sentence of wrongExamples(api, () => isStopped)) {
    count += 1;
    if (count <= mostExamples) warn(sentence);
  }
  if (count > mostExamples) warn(`${count - mostExamples} more examples violate their schemas.`);
}

/** Intercepts the API's real hosts. @throws Problem if there is no such clinic, or no private folder can be made. */
async function intercept(played: Played, mock: Mock, options: MockCommandOptions): Promise<Interception> {
  const { clinic, interceptHost, allowNetwork, envPrefix, preload } = options;
  const say = (line: string): unknown => process.stderr.write(printable([`arzamed: ${line}`]));
  const discovery = await discover(played);
  const handles = await interceptedHosts(played, mock.handle, interceptHost);
  const { openInterception } = await import('../intercept/intercept.ts');
  const interception = await openInterception({
    credentials: credentialsOf(discovery, discovery.origin ?? mock.url, clinic),
    hosts: [...handles.keys()],
    handleOf: (host) => handles.get(host) ?? mock.handle,
    own: mock.handle,
    allowNetwork,
    envPrefix,
    preload,
    lasts: true,
    onRefused: (host) => say(`refused a request to ${host}.`),
    onTlsRefused: (host, reason) => say(`${host}: the program ${reason}`),
  });
  for (const note of interception.notes) say(note);
  return interception;
}

/** Characters of the log that may wait for its reader. */
const mostUnread = 1_000_000;
let unread = 0;

/** Writes to the log; what its reader does not keep up with is left out. */
function log(text: string): void {
  if (process.stdout.writableLength > mostUnread) {
    unread += 1;
    return;
  }
  if (unread > 0) process.stdout.write(`  ${unread} entries are left out here: the reader of this log was too slow.\n`);
  unread = 0;
  process.stdout.write(text);
}

function printAnswer(told: Told): void {
  const { status = 'none', method, path, sandbox, clinic, clientId, reason, effect, milliseconds } = told;
  const fault = effect === undefined ? told.fault : `${told.fault} (${effect})`;
  const where = sandbox === undefined ? path : `/s/${sandbox}${path}`;
  const parts = [status, method.padEnd(4), where, clinic, clientId, reason, fault, `${Math.round(milliseconds)} ms`];
  log(printable([`  ${parts.filter((part) => part !== undefined).join('  ')}`]));
  // Why a request was refused as invalid.
  if (status === 'none' || status < 400) return;
  log(printable((told.violations ?? []).map((violation) => `       ${violation}`)));
}

function printFinding({ id, severity, message, remedy, source, clientId, entries }: Finding): void {
  const whose = clientId === undefined ? '' : `${clientId}: `;
  const lines = [
    `  ${severity}: ${id}  (journal ${entries.join(', ')})`,
    `    ${whose}${message}`,
    `    ${remedy}`,
    `    Source: ${source}`,
  ];
  log(printable(['', ...lines, '']));
}

function printReset(sandbox: string | undefined): void {
  const whose = sandbox === undefined ? 'reset' : `reset of /s/${sandbox}`;
  log(printable([`  ${whose}: initial state; journal and findings are empty`]));
}

/** Listens, within the block, for Ctrl-C (SIGINT), SIGTERM from `kill` or a container, and an output that is closed. */
function listenForStop(): Disposable & { stopped: Promise<unknown> } {
  const over = new AbortController();
  // A full disk is no reason to stop.
  const closed = async (): Promise<unknown> => {
    for await (const [error] of on(process.stdout, 'error', over)) if (codeOf(error) === 'EPIPE') return error;
    return undefined;
  };
  const events = [once(process, 'SIGINT', over), once(process, 'SIGTERM', over), closed()];
  return { stopped: Promise.race(events).catch(() => {}), [Symbol.dispose]: () => over.abort() };
}
