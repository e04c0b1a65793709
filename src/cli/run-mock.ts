import { on, once } from 'node:events';
import { existsSync, watch } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { printEnvironment } from '../intercept/child/print-environment.ts';
import { credentialsOf } from '../intercept/discovery.ts';
import { discover, interceptedHosts } from '../intercept/hosts.ts';
import type { Interception } from '../intercept/intercept.ts';
import { readWorld, type Played } from '../mock/clinics/world.ts';
import type { Mock } from '../mock/instances.ts';
import { defaultClinics, defaultScenarios, defaultSpec, type MockOptions } from '../mock/options.ts';
import { openMock } from '../mock/start-mock.ts';
import type { SigningKey } from '../mock/state/signing-keys.ts';
import { wrongExamples } from '../openapi/examples.ts';
import { MockLog } from './log.ts';
import { setUp, type MockCommandOptions } from './options.ts';
import { codeOf, messageOf, Problem, warningLines } from '../util/errors.ts';
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
  const { json = false, printEnv: shell } = options;
  using stop = listenForStop();
  const bare = json || shell !== undefined;
  const log = bare || options.quiet ? undefined : new MockLog(options.verbose === true);
  const print: MockOptions = log
    ? { onAnswer: (told) => log.answer(told), onFinding: (each) => log.finding(each), onReset: (id) => log.reset(id) }
    : {};
  if (options.verbose) print.record = 'bodies';
  const played = readWorld(options);
  // Intercepted programs get their tokens under the API's own hostname too.
  const publicUrl = options.publicUrl ?? (shell === undefined ? undefined : (await discover(await played)).origin);
  await using mock = await openMock(
    { ...options, publicUrl, ...print },
    { played, signingKey, warn, controlled: log && ((each) => log.control(each)) },
  );
  log?.explain(mock);
  process.stderr.write(warningLines(mock.api.warnings));
  await setUp(mock, options);
  using _watch = options.watch ? watchFiles(mock, options, (lines) => log?.say(lines)) : undefined;
  await using interception = shell === undefined ? undefined : await intercept(await played, mock, options);
  if (shell && interception) process.stdout.write(printEnvironment(interception.child, shell));
  // A generated token must be shown; a given one must not.
  const madeUp = options.controlToken === undefined ? mock.controlToken : undefined;
  const { url, baseUrl, clinics } = mock;
  if (json) process.stdout.write(`${JSON.stringify({ url, baseUrl, clinics, controlToken: madeUp })}\n`);
  else if (!bare) process.stdout.write(welcome(mock, { ...options, controlToken: madeUp }));
  await Promise.race([stop.stopped, wait(headStart)]);
  await Promise.race([stop.stopped, mock.load()]);
  // Those of the bundled document are checked by its tests.
  if (options.spec !== undefined) await warnOfExamples(mock, stop.stopped);
  await stop.stopped;
  mock.findings.conclude();
  await log?.end();
  if (!bare) process.stdout.write('Stopped.\n');
}

/** Milliseconds without a further change after which files are read again: editors write in several steps. */
const settled = 100;

/** Reads the files again when one of them has changed, until the end of the block. @param say prints lines. */
function watchFiles(mock: Mock, options: MockCommandOptions, say: (lines: readonly string[]) => void): Disposable {
  const { spec = defaultSpec, clinics = defaultClinics, scenarios = defaultScenarios, providerStates } = options;
  const files = providerStates === undefined ? [spec] : [spec, providerStates];
  const named = [...files.map((file) => dirname(resolve(file))), resolve(clinics), resolve(scenarios)];
  const watched = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let reading = Promise.resolve();
  const read = async (): Promise<void> => {
    try {
      say(['The files have changed and were read again.', ...(await mock.reload())]);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      process.stderr.write(printable(`arzamed: ${error.message}`.split('\n')));
      say(['The mock goes on with the files as they were.']);
    }
  };
  const over = new AbortController();
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      reading = reading
        .then(read)
        .then(watchFolders)
        .catch((error: unknown) => warn(messageOf(error)));
    }, settled);
  };
  const watchFolders = (): void => {
    for (const folder of new Set([...named, ...mock.api.folders])) {
      if (over.signal.aborted || watched.has(folder) || !existsSync(folder)) continue;
      watched.add(folder);
      watch(folder, { signal: over.signal }, changed);
    }
  };
  watchFolders();
  const end = (): void => {
    over.abort();
    clearTimeout(timer);
  };
  return { [Symbol.dispose]: end };
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
