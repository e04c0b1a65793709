import { basename, dirname, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { runChild, type ChildEnded } from '../intercept/child/run.ts';
import { credentialsOf, readBuiltDiscovery } from '../intercept/discovery.ts';
import { openInterception } from '../intercept/intercept.ts';
import { openLazyMock } from '../intercept/lazy-mock.ts';
import { runReportFormats as reportFormats, summarizeOperations, type Summary } from '../intercept/report.ts';
import type { Played } from '../mock/clinics/world.ts';
import type { Finding } from '../mock/findings/findings.ts';
import type { Mock } from '../mock/instances.ts';
import { formatOf } from '../report/page.ts';
import { attempt, messageOf, Problem } from '../util/errors.ts';
import { displayPath, writeFiles } from '../util/files.ts';
import type { ExecOptions } from './options.ts';
import { setScenario } from './scenario.ts';

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
    if (!quiet) process.stderr.write(`arzamed: ${line}\n`);
  };
  const usual = options.spec === undefined && options.clinics === undefined;
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
      { played: world },
    );
    return { mock, played: world };
  }, more);
  if (options.clock !== undefined || (options.fault ?? []).length > 0)
    await setScenario(await lazyMock.mock(), options);
  const hosts = [...new Set([...discovery.hosts, ...more])];
  const refused = new Map<string, number>();
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
      say(`${host}: the program ${reason}${isTrust ? '; with libcurl, set its CAINFO (docs/exec.md#clients)' : ''}`);
    },
  });
  for (const note of interception.child.notes) say(note);
  const from = performance.now();
  const running = new AbortController();
  const prepared = prepareMock(() => lazyMock.mock(), running.signal, say);
  const { code, problem } = await run(interception.child.env);
  running.abort();
  if (problem) process.stderr.write(`arzamed: ${problem.message}\n`);
  await prepared;
  const summary: Summary = {
    command,
    exitCode: code,
    milliseconds: Math.round(performance.now() - from),
    hosts,
    ...summarize(await lazyMock.opened()),
    refused: [...refused].map(([host, times]) => ({ host, times })),
  };
  tell(summary, say);
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

function summarize(mock: Mock | undefined): Pick<Summary, 'requests' | 'dropped' | 'operations' | 'findings'> {
  if (!mock) return { requests: 0, dropped: 0, operations: [], findings: [] };
  const entries = mock.journal.find();
  const { dropped } = mock.journal;
  const requests = entries.length + dropped;
  return { requests, dropped, operations: summarizeOperations(entries), findings: mock.findings.conclude() };
}

/** Reports each finding, and a hint if there was no request. */
function tell({ requests, findings, hosts, exitCode }: Summary, say: (line: string) => void): void {
  for (const { severity, id, message, remedy } of findings) say(`${severity}: ${id}: ${message} ${remedy}`);
  if (requests > 0 || exitCode === 127 || exitCode === 126) return;
  say(`No requests to ${hosts.join(', ')}. If the program ignores proxy variables, see docs/exec.md.`);
}
