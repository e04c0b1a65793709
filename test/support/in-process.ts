import { pathToFileURL } from 'node:url';
import { jest } from '@jest/globals';
import { run } from '../../src/cli/commands.ts';
import { runDiff } from '../../src/cli/run-diff.ts';
import { runVerify } from '../../src/cli/run-verify.ts';
import { executable, runArzamed, startArzamed, type Ended, type Running } from './command.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** How a command ended in this process, and the document that it printed with `--json`. */
export interface Reported<T> {
  code: number;
  report: T;
}

export interface DiffChange {
  severity: string;
  rule: string;
  operation?: string;
  place?: string;
  impact?: { verdict: string; interactions: string[] };
}

export interface VerifyReport {
  verdicts: {
    net: string;
    result: string;
    contract?: string;
    interaction?: string;
    operation?: string;
    place?: string;
    rule: string;
    sentence: string;
  }[];
  coverage: { interactions: string[] }[];
}

/** Runs `arzamed` in this process, for tests of what it says, where the process is not the point; that of the executable. */
export function arzamedHere(...args: string[]): Promise<Ended> {
  return executable === undefined ? captured(() => run(args)) : runArzamed(...args);
}

/** The same in a folder. One at a time: a process has one working folder. */
export async function arzamedIn(folder: string, ...args: string[]): Promise<Ended> {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return await arzamedHere(...args);
  } finally {
    process.chdir(before);
  }
}

let modules = 0;

/** Runs a module in this process as a program: with arguments, and with variables beside those of the environment. */
export async function moduleHere(
  file: string,
  { args = [], env = {} }: { args?: readonly string[]; env?: Record<string, string> } = {},
): Promise<Ended> {
  const { argv, env: variables } = process;
  process.argv = [process.execPath, file, ...args];
  process.env = { ...variables, ...env };
  // A module is run once for each of its addresses.
  const url = `${pathToFileURL(file).href}?run=${(modules += 1)}`;
  try {
    return await captured(() => import(url));
  } finally {
    process.argv = argv;
    process.env = variables;
  }
}

/** What a command prints in this process, and its exit code: the one that it gives, or leaves in the process. */
async function captured(command: () => Promise<unknown>): Promise<Ended> {
  using stdout = muted(process.stdout);
  using stderr = muted(process.stderr);
  const { exitCode } = process;
  process.exitCode = undefined;
  try {
    const given = await command();
    const code = process.exitCode ?? (typeof given === 'number' ? given : 0);
    return { code, stdout: textOf(stdout.mock), stderr: textOf(stderr.mock) };
  } finally {
    process.exitCode = exitCode;
  }
}

/** Keeps what is written to a stream, which is then done. */
function muted(stream: NodeJS.WriteStream): jest.SpiedFunction<NodeJS.WriteStream['write']> {
  return jest.spyOn(stream, 'write').mockImplementation((...given: unknown[]) => {
    const done = given.at(-1);
    if (typeof done === 'function') done();
    return true;
  });
}

/** Starts `arzamed mock` in this process and waits until its stdout matches. All that is printed until its end is its own. */
export async function mockHere(pattern: RegExp, ...args: string[]): Promise<Running> {
  if (executable !== undefined) return startArzamed(pattern, 'mock', ...args);
  const events = ['SIGINT', 'SIGTERM'] as const;
  const others = new Set(events.flatMap((signal) => process.listeners(signal)));
  const ownOf = (signal: NodeJS.Signals): NodeJS.SignalsListener[] =>
    process.listeners(signal).filter((listener) => !others.has(listener));
  const stdout = jest.spyOn(process.stdout, 'write');
  const stderr = muted(process.stderr);
  const printed = new Promise<string>((resolve) => {
    stdout.mockImplementation(() => {
      const all = textOf(stdout.mock);
      if (pattern.test(all)) resolve(all);
      return true;
    });
  });
  const ended = run(['mock', ...args]).then((code) => {
    for (const signal of events) for (const listener of ownOf(signal)) process.off(signal, listener);
    const result = { code, stdout: textOf(stdout.mock), stderr: textOf(stderr.mock) };
    stdout.mockRestore();
    stderr.mockRestore();
    return result;
  });
  const stop = (signal: NodeJS.Signals): Promise<Ended> => {
    for (const listener of ownOf(signal)) listener(signal);
    return ended;
  };
  const early = ended.then(({ stderr: text }) => Promise.reject(new Error(`It ended early: ${text}`)));
  early.catch(() => undefined);
  const text = await Promise.race([printed, early]);
  return { stdout: text, stop, [Symbol.asyncDispose]: async () => void (await stop('SIGTERM')) };
}

/** Runs `arzamed diff --json` in this process, which takes a tenth of the time of a new one. */
export async function diffHere(
  before: object,
  after: object,
  contract?: object,
): Promise<Reported<{ advice: string; changes: DiffChange[] }>> {
  await using folder = await temporaryFolder({
    'old.json': JSON.stringify(before),
    'new.json': JSON.stringify(after),
    ...(contract ? { 'contracts/some.json': JSON.stringify(contract) } : {}),
  });
  const at = (name: string): string => `${folder.path}/${name}`;
  const contracts = contract ? { contracts: at('contracts') } : {};
  return await reported(() => runDiff(at('old.json'), at('new.json'), { format: 'json', ...contracts }));
}

/** Runs `arzamed verify --json` in this process, against a provider whose states are set at `/states`. */
export async function verifyHere(
  { url }: { url: string },
  files: { spec: object; contract: object },
  reports: readonly string[] = [],
): Promise<Reported<VerifyReport>> {
  await using folder = await temporaryFolder({
    'spec.json': JSON.stringify(files.spec),
    'contracts/some.json': JSON.stringify(files.contract),
  });
  return await reported(() =>
    runVerify({
      provider: url,
      states: `${url}/states`,
      spec: `${folder.path}/spec.json`,
      contracts: `${folder.path}/contracts`,
      report: [...reports],
      json: true,
    }),
  );
}

async function reported<T>(command: () => Promise<number>): Promise<Reported<T>> {
  using stdout = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  using _stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const code = await command();
  const report: T = JSON.parse(textOf(stdout.mock));
  return { code, report };
}

function textOf({ calls }: { calls: readonly (readonly unknown[])[] }): string {
  return calls.map(([text]) => String(text)).join('');
}
