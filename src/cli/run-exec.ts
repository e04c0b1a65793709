import { basename } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { runChild, type ChildEnded } from '../intercept/child/run.ts';
import { credentialsOf, readBuiltDiscovery } from '../intercept/discovery.ts';
import { openInterception } from '../intercept/intercept.ts';
import { openLazyMock } from '../intercept/lazy-mock.ts';
import { straysFrom } from '../intercept/programs.ts';
import {
  findingAnnotations,
  joinFindings,
  runMarkdown,
  runReportFormats as reportFormats,
  Traffic,
  type LocateFinding,
  type RefusedHost,
  type Summary,
} from '../intercept/report.ts';
import type { Played } from '../mock/clinics/world.ts';
import type { Finding } from '../mock/findings/findings.ts';
import type { Mock } from '../mock/instances.ts';
import { programFile, reportToGithub } from '../report/github.ts';
import { reportWriter } from '../report/page.ts';
import { attempt, messageOf, Problem } from '../util/errors.ts';
import { setUp, type ExecOptions } from './options.ts';
import { printable } from '../util/terminal.ts';

/** Milliseconds that the program may start undisturbed, before opening the mock takes processor time. */
const headStart = 20;

/** Milliseconds between two looks for programs that the environment does not reach. */
const betweenLooks = 200;

/** As many of these are named. */
const mostStrays = 5;

/**
 * Runs a program with the API's hosts redirected to a mock. Once it runs, no failure of ours ends it or loses its exit code.
 * @param descriptors those of this process that the program gets, beside stdin, stdout and stderr.
 * @returns its exit code. If that is 0: 1 if `failOn` is given, and there are findings of that severity or worse, or no
 *   request arrived; 2 if what it did cannot be told.
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
  const run: Run = async (env, started) => {
    process.on('uncaughtException', tellDefect);
    const running = runChild({ command: program, args, env, descriptors, started });
    // The program has the folder that is gone; the mock needs one that exists.
    if (isHomeless) process.chdir('/');
    ended = await running;
    return ended;
  };
  try {
    const failed = await execWith(run, [program, ...args], options);
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

type Run = (env: Readonly<Record<string, string>>, started: (pid: number) => void) => Promise<ChildEnded>;

function tellDefect(error: unknown): void {
  process.stderr.write(`arzamed: A defect of arzamed, please report it: ${messageOf(error)}. The program goes on.\n`);
}

/** @returns whether `failOn` makes what was seen a failure. */
async function execWith(run: Run, program: readonly string[], options: ExecOptions): Promise<boolean> {
  const { clinic, host: more = [], allowNetwork, envPrefix, preload, failOn, report = [], quiet = false } = options;
  const say = (line: string): void => {
    if (!quiet) process.stderr.write(printable(`arzamed: ${line}`.split('\n')));
  };
  const writeReports = reportWriter(report, reportFormats, { say });
  const isForGithub = options.format === 'github';
  const usual = options.spec === undefined && options.clinics === undefined;
  const traffic = new Traffic();
  let reached = 0;
  let ended: Finding[] = [];
  let played: Promise<Played> | undefined;
  const read = (): Promise<Played> =>
    (played ??= import('../mock/clinics/world.ts').then(({ readWorld }) => readWorld(options)));
  let discovery = usual ? await readBuiltDiscovery() : undefined;
  discovery ??= await (await import('../intercept/hosts.ts')).discover(await read());
  const { origin } = discovery;
  await using lazyMock = openLazyMock(async () => {
    const world = await read();
    const { openMock } = await import('../mock/start-mock.ts');
    const tokenIds = new Set(world.api.operations.flatMap(({ id, issuesTokens }) => (issuesTokens ? [id] : [])));
    const mock = await openMock(
      {
        onAnswer: (told) => traffic.add(told, tokenIds.has(told.operationId ?? '')),
        errorStyle: options.errorStyle,
        record: options.record,
        providerStates: options.providerStates,
        publicUrl: origin,
      },
      { played: world, ended: ({ findings }) => (ended = joinFindings([...ended, ...findings.conclude()])) },
    );
    return { mock, played: world };
  }, more);
  if (options.clock !== undefined || (options.fault ?? []).length > 0) await setUp(await lazyMock.mock(), options);
  const hosts = [...new Set([...discovery.hosts, ...more])];
  const refused = new Map<string, RefusedHost>();
  const tlsRefused = new Map<string, string>();
  const strays = new Map<string, string>();
  await using interception = await openInterception({
    credentials: credentialsOf(discovery, origin ?? (await lazyMock.mock()).url, clinic),
    hosts,
    handleOf: (host) => {
      const handle = lazyMock.handleOf(host);
      return (request, response) => {
        reached += 1;
        return handle(request, response);
      };
    },
    own: lazyMock.handleOf(),
    allowNetwork,
    envPrefix,
    preload,
    onRefused: (host, find) => {
      const known = refused.get(host);
      const program = known ? known.program : find();
      refused.set(host, { host, times: (known?.times ?? 0) + 1, ...(program === undefined ? {} : { program }) });
      const whose = program === undefined ? '' : ` It was one of ${program}.`;
      if (!known) say(`refused a request to ${host}; allow other hosts with --allow-network.${whose}`);
    },
    onTlsRefused: (host, reason, program = 'the program') => {
      const isTrust = reason.includes('trust');
      const hint = isTrust ? '; with libcurl, set its CAINFO (docs/exec.md#clients)' : '';
      if (!tlsRefused.has(host)) say(`${host}: ${program} ${reason}${hint}`);
      tlsRefused.set(host, program === 'the program' ? reason : `${program} ${reason}`);
    },
  });
  for (const note of interception.notes) say(note);
  const from = performance.now();
  const running = new AbortController();
  const prepared = prepareMock(() => lazyMock.mock(), running.signal, say);
  const look = (pid: number): void => {
    for (const { program, reason } of straysFrom(pid, preload !== false)) strays.set(program, reason);
  };
  const { code, problem } = await run(interception.child.env, (pid) => {
    const looking = setInterval(look, betweenLooks, pid).unref();
    running.signal.addEventListener('abort', () => clearInterval(looking));
  });
  running.abort();
  if (problem) process.stderr.write(printable(`arzamed: ${problem.message}`.split('\n')));
  await prepared;
  const mock = await lazyMock.opened();
  const worlds = mock ? [mock, ...mock.sandboxes.list()] : [];
  const summary: Summary = {
    command: basename(program[0] ?? ''),
    exitCode: code,
    milliseconds: Math.round(performance.now() - from),
    hosts,
    requests: traffic.requests,
    operations: traffic.operations,
    refused: [...refused.values()],
    findings: joinFindings([...worlds.flatMap(({ findings }) => findings.conclude()), ...ended]),
  };
  for (const { severity, id, message, remedy } of isForGithub ? [] : summary.findings)
    say(`${severity}: ${id}: ${message} ${remedy}`);
  for (const each of traffic.tokenRefusals) say(describeRefusal(each, discovery.word, envPrefix));
  for (const [program, reason] of [...strays].slice(0, mostStrays))
    say(`${program} ${reason}: what it asked for may have gone past the mock (docs/exec.md#certificates-and-limits).`);
  const isUnseen = traffic.requests + reached === 0 && code !== 127 && code !== 126;
  const isFailure = isUnseen && failOn !== undefined && code === 0;
  const silence = describeSilence({ hosts, tlsRefused, refused: summary.refused }) + (isFailure ? tested : '');
  if (isUnseen && !isForGithub) say(silence);
  const isShown = isForGithub || report.some((file) => /\.(sarif|codequality)$/i.test(file));
  const locate = isShown ? await locatorIn(program, options.spec, read) : () => undefined;
  if (isForGithub) {
    const level = isFailure ? 'error' : 'warning';
    const unseen = { level, rule: 'no-request', message: silence, where: programFile(program) } as const;
    const all = [...findingAnnotations(summary, locate), ...(isUnseen ? [unseen] : [])];
    await reportToGithub('arzamed exec', all, runMarkdown(summary), process.stderr);
  }
  await writeReports(summary, locate);
  const isGrave = ({ severity }: Finding): boolean => severity === 'error' || severity === failOn;
  return isFailure || (failOn !== undefined && summary.findings.some(isGrave));
}

/** Finds the file of the program; where that is not known, the operation in the document. */
async function locatorIn(
  program: readonly string[],
  spec: string | undefined,
  read: () => Promise<Played>,
): Promise<LocateFinding> {
  const file = programFile(program);
  if (file !== undefined || spec === undefined) return () => file;
  const [{ readSpecFiles }, { api }] = await Promise.all([import('../openapi/load/load.ts'), read()]);
  const { locate } = await readSpecFiles(spec, { kept: 'all', remote: 'refused' });
  return ({ operationId }) => locate(api.operations.find(({ id }) => id === operationId)?.steps ?? []);
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

/** Why `--fail-on` fails a program that ended well, though there is no finding. */
const tested = ' Nothing was tested, so --fail-on makes this a failure.';

/** What to do about a token request that is refused, by its reason; else it is about the form. */
const tokenRemedies: Readonly<Record<string, (key: string) => string>> = {
  invalid_client: (key) => `Send the id and the secret of one key by HTTP Basic, as ${key} has them.`,
  other_sandbox: () => 'Send the secret that this sandbox has: each has its own.',
  invalid_scope: () => 'Ask for a scope that the specification names, or for none.',
  unsupported_grant_type: () => 'Send grant_type=client_credentials.',
};

/** The token requests that were refused for one reason, and what to do. */
function describeRefusal(
  { clinic, reason, times }: Traffic['tokenRefusals'][number],
  word = 'clinic',
  prefix = 'ARZAMED',
): string {
  const whose = clinic === undefined ? '' : ` for the ${word} ${clinic}`;
  const remedy = tokenRemedies[reason] ?? (() => 'Send a form as the specification describes it.');
  const many = times === 1 ? '1 token request was' : `${times} token requests were`;
  return `${many} refused${whose}: ${reason}. ${remedy(`$${prefix}_CLIENT_ID and $${prefix}_CLIENT_SECRET`)}`;
}

/** What reached the proxy where nothing reached the mock. */
interface Missed extends Pick<Summary, 'hosts' | 'refused'> {
  /** Why the program refused TLS, by host. */
  tlsRefused: ReadonlyMap<string, string>;
}

function describeSilence({ hosts, ...missed }: Missed): string {
  // Names that no server has stand for those of each user (RFC 2606 section 2).
  const named = hosts.filter((host) => !host.endsWith('.invalid'));
  return `No requests to ${named.join(', ')} arrived. ${reasonOf(missed)}`;
}

function reasonOf({ tlsRefused, refused }: Omit<Missed, 'hosts'>): string {
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
  return `The program asked for ${refused.map(({ host }) => host).join(', ')} instead: if the mock is to answer${other.program === undefined ? '' : ` ${other.program}`} there, add --host ${other.host}.`;
}
