import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { accountWord, isOfBundledApi, type AccountWord } from '../mock/clinics/account.ts';
import { defaultSpec } from '../mock/options.ts';
import { startMock } from '../mock/start-mock.ts';
import { readApi, type Api } from '../openapi/api.ts';
import { operationName } from '../openapi/operations.ts';
import { interactionName, type Contract } from '../pact/model.ts';
import { readContracts } from '../pact/read-contract.ts';
import { reportToGithub } from '../report/github.ts';
import { reportWriter } from '../report/page.ts';
import { attempt, codeOf, Problem, warningLines } from '../util/errors.ts';
import { displayPath, packageVersion } from '../util/files.ts';
import { fromPointer, isList, parseJson } from '../util/json.ts';
import { coverageOf } from '../verify/coverage.ts';
import { measureContracts } from '../verify/mutation/mutation-testing.ts';
import { summarizeStrength, type StrengthSummary } from '../verify/mutation/summary.ts';
import { InteractionCredentials } from '../verify/provider/interaction-credentials.ts';
import { openProvider } from '../verify/provider/open-provider.ts';
import type { Provider } from '../verify/provider/provider.ts';
import {
  verdictAnnotations,
  jsonReport,
  verifyMarkdown,
  terminal,
  verifyFormats,
  type Locate,
} from '../verify/report/formats.ts';
import type { Report } from '../verify/report/report.ts';
import type { Verdict } from '../verify/verdict.ts';
import { outcomeOf, verify } from '../verify/verify.ts';
import { acceptFindings, readAcceptedFindings } from '../verify/weakening/accepted-findings.ts';
import { judgeWeakenings, readAllowances } from '../verify/weakening/judge-weakenings.ts';
import { checkRevision, contractsOfRevision, git, showFile, usualContracts, type UsualContracts } from './git.ts';
import { brokerOf, type ExitCode, type VerifyOptions } from './options.ts';
import { showStep } from '../util/terminal.ts';
import { parseYamlFile } from '../util/yaml-file.ts';

/** @throws Problem if an input is missing or invalid. */
export async function runVerify(options: VerifyOptions): Promise<ExitCode> {
  const { spec = defaultSpec, states, budget, clinic } = options;
  const from = performance.now();
  const writeReports = reportWriter(options.report, verifyFormats);
  const broker = brokerOf(options);
  const api = await readApi(spec);
  process.stderr.write(warningLines(api.warnings));
  // With a broker, files count only where they are named.
  const isUsual = options.contracts === undefined && broker === undefined;
  const named = { path: options.contracts === 'none' ? undefined : options.contracts, isBundled: false };
  const { path, isBundled } = isUsual ? usualContracts(api.document) : named;
  const contracts = path === undefined ? [] : await readContracts(path);
  const weakened = await judgeWeakened({ ...options, contracts: isBundled ? undefined : path }, contracts);
  const isMock = options.provider === 'mock';
  await using mock = isMock ? await startMock(options) : undefined;
  const provider = await openProvider({
    url: mock?.url ?? options.provider,
    states,
    budget,
    api,
    headers: options.header,
    showValues: options.showValues,
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
  const acceptedFile = options.accepted ?? usualAccepted;
  const accepted = await readReviewed(
    acceptedFile,
    options.accepted !== undefined,
    'accepted findings',
    readAcceptedFindings,
  );
  const verdicts = [...weakened, ...acceptFindings(verified, accepted, displayPath(acceptedFile))];
  const report: Report = {
    spec: options.spec === undefined ? 'the bundled specification' : displayPath(spec),
    provider: isMock ? 'the mock' : provider.url,
    contracts: contracts.map(({ file }) => file),
    used: describeUsed(options, api, { path, isBundled }),
    run: await factsOf(options, accountWord(api)),
    milliseconds: Math.round(performance.now() - from),
    verdicts,
    coverage: coverageOf(api, contracts),
    ...(strength ? { strength } : {}),
  };
  const locate = locatorIn(api, contracts);
  if (options.format === 'github') {
    await reportToGithub('arzamed verify', verdictAnnotations(report, locate), verifyMarkdown(report));
  } else process.stdout.write(options.json ? jsonReport(report) : terminal(report));
  await writeReports(report, locate);
  const outcome = outcomeOf(verdicts);
  if (outcome === 'unanswered') return 2;
  if (outcome === 'broken') return 1;
  return options.strict && verdicts.some(({ result, excused }) => result === 'not verifiable' && excused === undefined)
    ? 1
    : 0;
}

/** Finds the interaction that a verdict is about, or what it is about in another file, such as the specification. */
function locatorIn(
  { locate, operations }: Awaited<ReturnType<typeof readApi>>,
  contracts: readonly Contract[],
): Locate {
  const lineIn = (file: string, path: readonly (string | number)[]): string =>
    attempt(() => parseYamlFile(file, readFileSync(file, 'utf8')).locate(path)) ?? file;
  return ({ contract, interaction, operation, place, pointer }) => {
    if (contract !== undefined) {
      const known = contracts.find(({ file }) => file === contract)?.interactions;
      const { index } = known?.find((each) => interactionName(each) === interaction) ?? {};
      const entry = /^\$\[(\d+)\]$/.exec(place ?? '')?.[1];
      const path = index === undefined ? [entry ?? ''] : ['interactions', index, ...stepsTo(place)];
      return existsSync(contract) ? lineIn(contract, path) : undefined;
    }
    const whole = operations.find((each) => operationName(each) === operation)?.steps ?? [];
    return locate(pointer === undefined ? whole : fromPointer(pointer));
  };
}

/** The keys of an interaction that lead to a place such as `$.response.body[*].name`, of any item the first. */
function stepsTo(place = ''): (string | number)[] {
  const [part, name, ...rest] = place.match(/[^.[\]$]+/g) ?? [];
  if (part === undefined || name === undefined) return [];
  const steps = rest.map((step) => (step === '*' ? 0 : /^\d+$/.test(step) ? Number(step) : step));
  // Since version 4 of Pact's specification, a body stands below its content type.
  return [part, name, ...(name === 'body' ? ['content'] : []), ...steps];
}

async function factsOf(options: VerifyOptions, word: AccountWord): Promise<Report['run']> {
  const commit = await git('rev-parse', '--short', 'HEAD').catch(() => '');
  return {
    date: new Date().toISOString(),
    version: packageVersion(),
    ...(commit === '' ? {} : { commit: commit.trim() }),
    command: describeCommand(options, word),
  };
}

/** The command, without values of headers, and of URLs what may hold a password. */
function describeCommand({ clinics, clinic, ...options }: VerifyOptions, word: AccountWord): string {
  const shown = (name: string, value: unknown): string => {
    if (name === 'header') return `'${String(value).replace(/:.*/s, ': …')}'`;
    const url = URL.parse(String(value));
    const isUrl = /Url$|^states$/.test(name) || (name === 'provider' && url !== null);
    const text = isUrl ? (url ? url.origin + url.pathname : '…') : String(value);
    return /^[\w./:@=-]+$/.test(text) ? text : `'${text}'`;
  };
  const parts = Object.entries({ ...options, [`${word}s`]: clinics, [word]: clinic }).flatMap(
    ([name, value]): string[] => {
      const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
      if (value === true) return [flag];
      const values: unknown[] = [value].flat().filter((each) => each !== undefined && each !== false);
      return name === 'provider' && value === 'mock' ? [] : values.map((each) => `${flag} ${shown(name, each)}`);
    },
  );
  return ['arzamed verify', ...parts].join(' ');
}

/** What a verification used, bundled defaults included. */
function describeUsed(options: VerifyOptions, api: Api, { path, isBundled }: UsualContracts): string {
  const { spec, provider, clinics, contracts, brokerUrl } = options;
  const none = contracts === 'none' ? 'no contracts, as --contracts none says' : 'no contracts, since none are named';
  const named = path === undefined ? none : `the contracts of ${displayPath(path)}`;
  const files = isBundled ? 'the bundled contracts' : named;
  const accounts =
    clinics !== undefined
      ? `the accounts in ${displayPath(clinics)}`
      : isOfBundledApi(api.document)
        ? 'the bundled clinics'
        : 'one account';
  const document = spec === undefined ? 'the bundled specification' : displayPath(spec);
  const all = brokerUrl === undefined ? files : `${files}; those of the broker`;
  return `Used: ${document}; ${all}; ${provider === 'mock' ? `the mock with ${accounts}` : provider}.`;
}

async function judgeWeakened(
  options: Omit<VerifyOptions, 'contracts'> & { contracts: string | undefined },
  head: readonly Contract[],
): Promise<Verdict[]> {
  const { base, contracts } = options;
  if (base === undefined) return [];
  if (contracts !== undefined) return judgeSince({ ...options, base, contracts }, head);
  throw new Problem({
    code: 'option_invalid',
    what: 'Bundled contracts have no revisions.',
    where: '--base',
    remedy: 'Name contracts of your repository with --contracts.',
  });
}

/** @throws Problem for a live provider: mutants are made from responses in given provider states. */
async function measure(provider: Provider, api: Api, contracts: readonly Contract[]): Promise<StrengthSummary> {
  const { url, access } = provider;
  if (access.kind !== 'test') {
    throw new Problem({
      code: 'option_invalid',
      what: 'Contract strength can only be measured with a test provider, whose states can be set.',
      where: '--strength',
      remedy: 'Omit it, or verify against the mock.',
    });
  }
  const credentials = new InteractionCredentials(provider, api);
  let done = 0;
  const outcomes = await measureContracts({
    api,
    contracts,
    provider: {
      url,
      locate: (method, path) => provider.locate(method, path),
      states: access.stateChanges.url.href,
      present: (each) => credentials.of(each),
    },
    onOutcome: (_outcome, count) => showStep(`how strong the contracts are, mutant ${++done} of ${count}`),
  });
  return summarizeStrength(outcomes);
}

type WeakeningOptions = Required<Pick<VerifyOptions, 'base' | 'contracts'>> & Pick<VerifyOptions, 'allowed'>;

/** Not in the folder of the contracts, where each file is read as a contract. */
const usualAccepted = 'accepted-findings.json';
const usualFile = 'allowed-weakenings.json';

/**
 * Compares contracts with those at a Git revision.
 * @throws Problem if the revision is unknown, or the allowed weakenings cannot be read.
 */
export async function judgeSince(options: WeakeningOptions, head: readonly Contract[]): Promise<Verdict[]> {
  const { base, contracts: path, allowed: file = usualFile } = options;
  await checkRevision(base);
  const allowances = await readReviewed(file, options.allowed !== undefined, 'allowed weakenings', readAllowances);
  const { contracts, unread } = await contractsOfRevision(base, path);
  const earlier = await allowedAt(base, file);
  return [...unread, ...judgeWeakenings({ base: contracts, head, file: displayPath(file), allowances, earlier })];
}

/** @param named whether the user names the file, so that it must be there. */
async function readReviewed<Entry>(
  file: string,
  named: boolean,
  what: string,
  read: (file: string, content: string) => Entry[],
): Promise<Entry[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (!named && codeOf(error) === 'ENOENT') return undefined;
    throw new Problem(
      {
        code: 'allowances_unreadable',
        what: `The file of ${what} cannot be read.`,
        where: displayPath(file),
        facts: { reason: codeOf(error) },
        remedy: `Name another with --${what.split(' ', 1).join('')}, or omit the option.`,
      },
      { cause: error },
    );
  });
  return text === undefined ? [] : read(displayPath(file), text);
}

/** The file at a revision; missing or invalid, it counts as empty, since history cannot be corrected. */
async function allowedAt(revision: string, file: string): Promise<unknown[]> {
  const value = parseJson(await showFile(revision, file).catch(() => ''));
  return isList(value) ? value : [];
}
