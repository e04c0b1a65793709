import { basename, dirname, resolve } from 'node:path';
import type { Contract } from '../contract/pact/contract.ts';
import { readContracts } from '../contract/pact/read-contracts.ts';
import { openProvider } from '../contract/provider/open-provider.ts';
import { formatOf, json } from '../contract/report/format.ts';
import type { Report } from '../contract/report/matrix.ts';
import { terminal } from '../contract/report/terminal.ts';
import type { Verdict } from '../contract/verdict.ts';
import { outcomeOf, verify } from '../contract/verify.ts';
import { defaultSpec } from '../mock/options.ts';
import { startMock } from '../mock/start.ts';
import { readApi } from '../spec/api.ts';
import { displayPath } from '../spec/display-path.ts';
import { packageFile } from '../spec/package-file.ts';
import { Problem } from '../spec/problem.ts';
import { writeFiles } from '../types/files.ts';
import type { ExitCode } from './run.ts';
import type { VerifyOptions } from './verify.ts';
import { judgeSince } from './weakenings.ts';

/** @throws Problem if something that is needed is missing or no good. */
export async function runVerify(options: VerifyOptions): Promise<ExitCode> {
  const { spec = defaultSpec, contracts: path = packageFile('contracts'), states, budget, clinic } = options;
  const from = performance.now();
  const formats = options.report.map((file) => [file, formatOf(file)] as const);
  const contracts = await readContracts(path);
  const weakened = await judgeWeakened(options, contracts);
  const api = await readApi(spec);
  const isMock = options.provider === 'mock';
  await using mock = isMock ? await startMock(options) : undefined;
  const provider = await openProvider({
    url: mock?.url ?? options.provider,
    states,
    budget,
    api,
  });
  const verified = await verify({
    api,
    contracts,
    provider,
    ...(clinic === undefined ? {} : { account: { clinic } }),
    onStep: showStep,
  });
  showStep();
  const verdicts = [...weakened, ...verified];
  const report: Report = {
    spec: options.spec === undefined ? 'the specification that comes along' : displayPath(spec),
    provider: isMock ? 'the mock' : provider.url,
    contracts: contracts.map(({ file }) => file),
    milliseconds: Math.round(performance.now() - from),
    verdicts,
  };
  process.stdout.write(options.json ? json(report) : terminal(report));
  for (const [file, format] of formats) {
    await writeFiles(dirname(resolve(file)), { [basename(file)]: format(report) });
    process.stderr.write(`Wrote ${displayPath(file)}\n`);
  }
  return exitCodeOf(outcomeOf(verdicts), options.strict ?? false);
}

async function judgeWeakened(
  { base, contracts, allowed }: VerifyOptions,
  head: readonly Contract[],
): Promise<Verdict[]> {
  if (base === undefined) return [];
  if (contracts !== undefined) return judgeSince({ base, contracts, allowed }, head);
  throw new Problem({
    code: 'option_invalid',
    what: 'The contracts that come along have no revisions here.',
    where: '--base',
    remedy: 'Name contracts of your repository with --contracts.',
  });
}

function exitCodeOf(outcome: ReturnType<typeof outcomeOf>, strict: boolean): ExitCode {
  if (outcome === 'broken') return 1;
  if (outcome === 'unanswered') return 2;
  return outcome === 'not verifiable' && strict ? 1 : 0;
}

/** What is being done, on a terminal; without a step, nothing any more. */
function showStep(step?: string): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(`\r\u001B[2K${step === undefined ? '' : `${step} …`}`);
}
