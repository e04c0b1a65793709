import { basename, dirname, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { runChild, type ChildEnded } from '../intercept/child/run.ts';
import { credentialsOf, readBuiltDiscovery } from '../intercept/discovery.ts';
import { openInterception } from '../intercept/intercept.ts';
import { openLazyMock } from '../intercept/lazy-mock.ts';
import {
  joinTraffic,
  runReportFormats as reportFormats,
  trafficOf,
  type Summary,
  type Traffic,
} from '../intercept/report.ts';
import type { Played } from '../mock/clinics/world.ts';
import type { Finding } from '../mock/findings/findings.ts';
import type { Mock, MockSandbox } from '../mock/instances.ts';
import { formatOf } from '../report/page.ts';
import { attempt, messageOf, Problem } from '../util/errors.ts';
import { displayPath, writeFiles } from '../util/files.ts';
import { setUp, type ExecOptions } from './options.ts';
import { printable } from '../util/terminal.ts';

/** Milliseconds that the program may start undisturbed, before opening the mock takes processor time. */
const headStart = 20;

/**
 * Runs a program with the API's hosts redirected to a mock. Once it runs, no failure of ours ends it or loses its exit code.
 * @param descriptors those of this process that the program gets, beside stdin, stdout and stderr.
 * @returns its exit code, or 1 if it succeeded but there are findings of severity `failOn` or worse, or 2 if it succeeded
 *   but what it did cannot be told.
 * @throws Problem if an option is invalid.
 */
export async function exec(
  program: string,
  args: readonly string[],
  options: ExecOptions,
  descriptors: readonly number[] = [],
): Promise<ChildEnded> {
  const isHomeless = attempt(() => process.cwd()) === undefined;
  let ended: ChildEnded | undefined;
  const run: Run = async (env) => {
    process.on('uncaughtException', tellDefect);
    const running = runChild({ command: program, args, env, descriptors });
    // The program has the folder that is gone; the mock needs one that exists.
    if (isHomeless) process.chdir('/');
    ended = await running;
    return ended;
  };
  try {
    const failed = await execWith(run, basename(program), options);
    return ended?.code === 0 && failed ? { code: 1 } : (ended ?? { code: 2 });
  } catch (error) {
    if (ended === undefined && isHomeless && !(error instanceof Problem)) throw homeless(error);
    if (ended === undefined) throw error;
    process.stderr.write(`arzamed: ${messageOf(error)}\n`);
    return ended.code === 0 ? { code: 2 } : ended;
  } finally {
    process.off('uncaughtException', tellDefect);
  }
}

function homeless(cause: unknown): Problem {
  const what = 'The working directory no longer exists.';
  return new Problem({ code: 'option_invalid', what, remedy: 'Change to another folder.' }, { cause });
}

type Run = (env: Readonly<Record<string, string>>) => Promise<ChildEnded>;

function tellDefect(error: unknown): void {
  process.stderr.write(`arzamed: A defect of arzamed, please report it: ${messageOf(error)}. The program goes on.\n`);
}

/** @returns whether there are findings of severity `failOn` or worse. */
async function execWith(run: Run, command: string, options: ExecOptions): Promise<boolean> {
  const { clinic, host: more = [], allowNetwork, envPrefix, preload, report = [], quiet = false } = options;
  const formats = report.map((file) => [file, formatOf(file, reportFormats)] as const);
  const say = (line: string): void => {
    if (!quiet) process.stderr.write(printable(`arzamed: ${line}`.split('\n')));
  };
  const usual = options.spec === undefined && options.clinics === undefined;
  let ended: Traffic[] = [];
  let played: Promise<Played> | undefined;
  const read = (): Promise<Played> =>
    (played ??= import('../mock/clinics/world.ts').then(({ readWorld }) => readWorld(options)));
  let discovery = usual ? await readBuiltDiscovery() : undefined;
  discovery ??= await (await import('../intercept/hosts.ts')).discover(await read());
  const { origin } = discovery;
  await using lazyMock = openLazyMock(async () => {
    const world = await read();
    const { openMock } = await import('../mock/start-mock.ts');
    const mock = await openMock(
      {
        errorStyle: options.errorStyle,
        record: options.record,
        providerStates: options.providerStates,
        publicUrl: origin,
      },
      { played: world, ended: (sandbox) => (ended = [joinTraffic([...ended, trafficOf(sandbox)])]) },
    );
    return { mock, played: world };
  }, more);
  if (options.clock !== undefined || (options.fault ?? []).length > 0) await setUp(await lazyMock.mock(), options);
  const hosts = [...new Set([...discovery.hosts, ...more])];
  const refused = new Map<string, number>();
  const tlsRefused = new Map<string, string>();
  await using interception = await openInterception({
    credentials: credentialsOf(discovery, origin ?? (await lazyMock.mock()).url, clinic),
    hosts,
    handleOf: (host) => lazyMock.handleOf(host),
    own: lazyMock.handleOf(),
    allowNetwork,
    envPrefix,
    preload,
    onRefused: (host) => {
      if (!refused.has(host)) say(`refused a request to ${host}; allow other hosts with --allow-network.`);
      refused.set(host, (refused.get(host) ?? 0) + 1);
    },
    onTlsRefused: (host, reason) => {
      const isTrust = reason.includes('trust');
      const hint = isTrust ? '; with libcurl, set its CAINFO (docs/exec.md#clients)' : '';
      if (!tlsRefused.has(host)) say(`${host}: the program ${reason}${hint}`);
      tlsRefused.set(host, reason);
    },
  });
  for (const note of interception.notes) say(note);
  const from = performance.now();
  const running = new AbortController();
  const prepared = prepareMock(() => lazyMock.mock(), running.signal, say);
  const { code, problem } = await run(interception.child.env);
  running.abort();
  if (problem) process.stderr.write(printable(`arzamed: ${problem.message}`.split('\n')));
  await prepared;
  const summary: Summary = {
    command,
    exitCode: code,
    milliseconds: Math.round(performance.now() - from),
    hosts,
    ...joinTraffic([...worldsOf(await lazyMock.opened()).map(trafficOf), ...ended]),
    refused: [...refused].map(([host, times]) => ({ host, times })),
  };
  tell(summary, { tlsRefused, refused: summary.refused }, say);
  for (const [file, format] of formats) {
    await writeFiles(dirname(resolve(file)), { [basename(file)]: format(summary) });
    say(`Wrote ${displayPath(file)}`);
  }
  const isGrave = ({ severity }: Finding): boolean => severity === 'error' || severity === options.failOn;
  return options.failOn !== undefined && summary.findings.some(isGrave);
}

/** Opens and loads the mock while the program starts. */
async function prepareMock(open: () => Promise<Mock>, signal: AbortSignal, say: (line: string) => void): Promise<void> {
  try {
    await wait(headStart, undefined, { signal });
    const mock = await open();
    if (!signal.aborted) await mock.load();
  } catch (error) {
    if (!signal.aborted) say(messageOf(error));
  }
}

/** All worlds of a mock that have not ended: its own, and its sandboxes. */
function worldsOf(mock: Mock | undefined): MockSandbox[] {
  return mock ? [mock, ...mock.sandboxes.list()] : [];
}

/** What reached the proxy, but not the mock. */
interface Missed {
  /** Why the program refused TLS, by host. */
  tlsRefused: ReadonlyMap<string, string>;
  refused: Summary['refused'];
}

/** Reports each finding; if there was no request, what came instead and what to do. */
function tell({ requests, findings, hosts, exitCode }: Summary, missed: Missed, say: (line: string) => void): void {
  for (const { severity, id, message, remedy } of findings) say(`${severity}: ${id}: ${message} ${remedy}`);
  if (requests > 0 || exitCode === 127 || exitCode === 126) return;
  // Names that no server has stand for those of each user (RFC 2606 section 2).
  const named = hosts.filter((host) => !host.endsWith('.invalid'));
  say(`No requests to ${named.join(', ')} arrived. ${reasonOf(missed)}`);
}

function reasonOf({ tlsRefused, refused }: Missed): string {
  const [tls] = tlsRefused;
  if (tls) {
    const [host, reason] = tls;
    const remedy = reason.includes('certificate')
      ? ' If it has a trust store of its own, name $SSL_CERT_FILE there: that file has the certificate of the mock.'
      : '';
    return `The program asked for ${host}, but ${reason}.${remedy}`;
  }
  const [other] = refused;
  if (!other)
    return 'The program asked for no host that a proxy sees; docs/exec.md lists the clients that ignore proxies.';
  return `The program asked for ${refused.map(({ host }) => host).join(', ')} instead: if the mock is to answer there, add --host ${other.host}.`;
}
