import { basename, dirname, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { runChild } from '../intercept/child/index.ts';
import { credentialsOf, readBuiltDiscovery, type Discovery } from '../intercept/discovery.ts';
import { openInterception } from '../intercept/intercept.ts';
import { openLazyMock } from '../intercept/lazy-mock.ts';
import { runReportFormats as reportFormats, summarizeOperations, type Summary } from '../intercept/report.ts';
import type { Played } from '../mock/clinics/world.ts';
import type { Finding } from '../mock/findings/findings.ts';
import type { Mock } from '../mock/instances.ts';
import { formatOf } from '../report/page.ts';
import { messageOf } from '../util/errors.ts';
import { displayPath, writeFiles } from '../util/files.ts';
import type { ExecOptions } from './options.ts';
import { setScenario } from './scenario.ts';

/** Milliseconds that the program has the processor to itself, before the mock is opened beside it. */
const headStart = 20;

/**
 * Runs a program with the hosts of the API played by a mock.
 * @returns its exit code; 1 where it ended well and `failOn` says that the findings make it a failure.
 * @throws Problem if it could not even be tried.
 */
export async function exec(program: string, args: readonly string[], options: ExecOptions): Promise<number> {
  const { clinic, host: more = [], allowNetwork, report = [], quiet = false } = options;
  const formats = report.map((file) => [file, formatOf(file, reportFormats)] as const);
  const say = (line: string): void => {
    if (!quiet) process.stderr.write(`arzamed: ${line}\n`);
  };
  const usual = options.spec === undefined && options.clinics === undefined;
  const read = once(() => readPlayed(options));
  const discovery = (usual ? await readBuiltDiscovery() : undefined) ?? (await discoverPlayed(await read()));
  const { origin } = discovery;
  await using lazyMock = openLazyMock(async () => {
    const played = await read();
    const { openMock } = await import('../mock/start-mock.ts');
    return { mock: await openMock({ errorStyle: options.errorStyle, publicUrl: origin }, { played }), played };
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
    onRefused: (host) => {
      if (!refused.has(host))
        say(`${host} was asked for and refused; --allow-network lets programs reach other hosts.`);
      refused.set(host, (refused.get(host) ?? 0) + 1);
    },
    onTlsRefused: (host, reason) => say(`${host}: the program ${reason}`),
  });
  for (const note of interception.child.notes) say(note);
  const from = performance.now();
  const running = new AbortController();
  const prepared = prepareMock(() => lazyMock.mock(), running.signal, say);
  const { code, problem } = await runChild({ command: program, args, env: interception.child.env });
  running.abort();
  if (problem) process.stderr.write(`arzamed: ${problem.message}\n`);
  await prepared;
  const summary: Summary = {
    command: basename(program),
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
  return code === 0 && summary.findings.some((finding) => isGrave(finding, options.failOn)) ? 1 : code;
}

async function readPlayed(options: ExecOptions): Promise<Played> {
  const { readWorld } = await import('../mock/clinics/world.ts');
  return readWorld(options);
}

async function discoverPlayed(played: Played): Promise<Discovery> {
  const { discover } = await import('../intercept/discover.ts');
  return discover(played);
}

function once<Result>(act: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined;
  return () => (result ??= act());
}

/** Opens the mock and has it load what it stands on, while the program starts. */
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
  const { journal, findings } = mock;
  const entries = journal.find();
  const { dropped } = journal;
  return {
    requests: entries.length + dropped,
    dropped,
    operations: summarizeOperations(entries),
    findings: findings.conclude(),
  };
}

/** Few lines: a finding each, and a hint where nothing came at all. */
function tell({ requests, findings, hosts, exitCode }: Summary, say: (line: string) => void): void {
  for (const { severity, id, message, remedy } of findings) say(`${severity}: ${id}: ${message} ${remedy}`);
  if (requests > 0 || exitCode === 127 || exitCode === 126) return;
  say(`No request came to ${hosts.join(', ')}. Programs that no proxy variable reaches: docs/exec.md.`);
}

function isGrave({ severity }: Finding, least: ExecOptions['failOn']): boolean {
  return least !== undefined && (severity === 'error' || severity === least);
}
