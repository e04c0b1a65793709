import { jest } from '@jest/globals';
import { run } from '../../src/cli/commands.ts';
import { runDiff } from '../../src/cli/run-diff.ts';
import { runVerify } from '../../src/cli/run-verify.ts';
import type { Ended } from './command.ts';
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

/** Runs `arzamed` in this process, for tests of what it says, where the process is not the point. */
export async function arzamedHere(...args: string[]): Promise<Ended> {
  using stdout = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  using stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const { exitCode } = process;
  process.exitCode = undefined;
  const code = await run(args);
  const ended = process.exitCode ?? code;
  process.exitCode = exitCode;
  return { code: ended, stdout: textOf(stdout.mock), stderr: textOf(stderr.mock) };
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
