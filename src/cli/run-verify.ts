import { basename, dirname, resolve } from 'node:path';
import type { Contract } from '../pact/model.ts';
import { readContracts } from '../contract/pact/read-contracts.ts';
import type { Provider } from '../verify/provider/provider.ts';
import { openProvider } from '../verify/provider/open-provider.ts';
import { coverageOf } from '../verify/coverage.ts';
import { formats as reportFormats, json } from '../verify/report/formats.ts';
import type { Report } from '../verify/report/report.ts';
import { measureContracts } from '../contract/strength/measure-contracts.ts';
import { summarizeStrength, type StrengthSummary } from '../verify/mutation/summary.ts';
import { terminal } from '../contract/report/terminal.ts';
import type { Verdict } from '../verify/verdict.ts';
import { outcomeOf, verify } from '../verify/verify.ts';
import { defaultSpec } from '../mock/options.ts';
import { startMock } from '../mock/start-mock.ts';
import { readApi, type Api } from '../openapi/api.ts';
import { formatOf } from '../report/format-of.ts';
import { displayPath } from '../spec/display-path.ts';
import { packageFile } from '../spec/package-file.ts';
import { Problem } from '../util/errors.ts';
import { writeFiles } from '../util/files.ts';
import { brokerOf } from './broker-options.ts';
import type { ExitCode } from './commands.ts';
import type { VerifyOptions } from './verify.ts';
import { judgeSince } from './weakenings.ts';

/** @throws Problem if something that is needed is missing or no good. */
export async function runVerify(options: VerifyOptions): Promise<ExitCode> {
  const { spec = defaultSpec, contracts: path = packageFile('contracts'), states, budget, clinic } = options;
  const from = performance.now();
  const formats = (options.report ?? []).map((file) => [file, formatOf(file, reportFormats)] as const);
  const broker = brokerOf(options);
  // What comes along is no contract of who asks a broker.
  const contracts = broker && options.contracts === undefined ? [] : await readContracts(path);
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
    specification: spec,
    api,
    contracts,
    provider,
    ...(broker ? { broker } : {}),
    ...(clinic === undefined ? {} : { account: { clinic } }),
    onStep: showStep,
  });
  const strength = options.strength ? await measure(provider, api, contracts) : undefined;
  showStep();
  const verdicts = [...weakened, ...verified];
  const report: Report = {
    spec: options.spec === undefined ? 'the specification that comes along' : displayPath(spec),
    provider: isMock ? 'the mock' : provider.url,
    contracts: contracts.map(({ file }) => file),
    milliseconds: Math.round(performance.now() - from),
    verdicts,
    coverage: coverageOf(api, contracts),
    ...(strength ? { strength } : {}),
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

/** @throws Problem if the provider is a real one: mutants are made of what it answers in its states. */
async function measure({ url, access }: Provider, api: Api, contracts: readonly Contract[]): Promise<StrengthSummary> {
  if (access.kind !== 'test') {
    throw new Problem({
      code: 'option_invalid',
      what: 'The strength of contracts is measured with a provider under test alone, whose states can be set.',
      where: '--strength',
      remedy: 'Leave it out, or verify against the mock.',
    });
  }
  let done = 0;
  const outcomes = await measureContracts({
    api,
    contracts,
    provider: { url, states: access.stateChanges.url.href },
    onOutcome: (_outcome, count) => showStep(`how strong the contracts are, mutant ${++done} of ${count}`),
  });
  return summarizeStrength(outcomes);
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
