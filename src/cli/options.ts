import { InvalidArgumentError, Option, type Command } from 'commander';
import { hostName } from '../intercept/proxy/target.ts';
import type { Mock } from '../mock/instances.ts';
import { messageOf, Problem } from '../util/errors.ts';
import { parseObject } from '../util/json.ts';
import type { Broker } from '../verify/provider/verify-broker.ts';
import type { Shell } from '../intercept/child/print-environment.ts';
import type { Severity } from '../mock/findings/watches.ts';
import { readInstant } from '../mock/state/clock.ts';
import type { ErrorStyle } from '../mock/state/environment.ts';

/** 0: it holds; 1: it does not hold; 2: invalid use, or it cannot run. */
export type ExitCode = 0 | 1 | 2;

/** How the world of a mock is at its start. */
export interface AtStart {
  /** Faults as JSON, each in the format of the control API. */
  fault?: readonly string[] | undefined;
  /** Initial time of the mock's clock, as ISO 8601. */
  clock?: string | undefined;
}

interface MockedOptions extends AtStart {
  spec?: string;
  clinics?: string;
  clinic?: string;
  allowNetwork?: boolean;
  envPrefix?: string;
  preload?: boolean;
  record?: 'bodies';
  providerStates?: string;
  scenario?: string;
  scenarios?: string;
  errorStyle: ErrorStyle;
}

export interface MockCommandOptions extends MockedOptions {
  host: string;
  port: number;
  publicUrl?: string;
  signingKey?: string;
  controlToken?: string | undefined;
  printEnv?: Shell;
  interceptHost?: string[];
  json?: boolean;
  quiet?: boolean;
  verbose?: boolean;
  watch?: boolean;
  rewritePhotos?: boolean;
  store?: string;
  storePrefix?: string;
}

export interface WhyOptions {
  url: string;
  controlToken?: string;
  json?: boolean;
}

export interface ExecOptions extends MockedOptions {
  host?: string[];
  report?: string[];
  failOn?: Extract<Severity, 'warn' | 'error'>;
  quiet?: boolean;
  format?: Format;
}

export interface CertifyOptions {
  spec?: string;
  clinics?: string;
  clinic?: string;
  allowNetwork?: boolean;
  envPrefix?: string;
  requirements?: string;
  only?: string[];
  list?: boolean;
  expected?: string;
  repeat: number;
  ready?: string;
  trigger?: string;
  patience: number;
  probe?: boolean;
  expectOutput?: RegExp;
  budget: number;
  jobs: number;
  report?: string[];
  check?: string;
  json?: boolean;
  format?: Format;
}

export interface VerifyOptions extends BrokerOptions {
  provider: string;
  states?: string;
  header?: string[];
  contracts?: string;
  base?: string;
  allowed?: string;
  accepted?: string;
  spec?: string;
  clinics?: string;
  clinic?: string;
  budget?: number;
  report?: string[];
  json?: boolean;
  format?: Format;
  strict?: boolean;
  showValues?: boolean;
  strength?: boolean;
}

export interface DiffOptions {
  contracts?: string;
  format: Format | 'json' | 'markdown';
  report?: string[];
  json?: boolean;
  strict?: boolean;
}

export interface CollectOptions {
  out: string;
  check?: boolean;
}

export interface ClientCommandOptions {
  spec?: string;
  out: string;
  check?: boolean;
  allowRemote?: boolean;
  envPrefix?: string;
}

export interface TypesOptions {
  spec?: string;
  out?: string;
  check?: boolean;
  allowRemote?: boolean;
}

/** The options of a Pact broker, by Pact's own names. */
export interface BrokerOptions {
  brokerUrl?: string;
  brokerProvider?: string;
  consumerVersionSelector?: string[];
  enablePending?: boolean;
  includeWipPactsSince?: string;
  providerVersion?: string;
  providerBranch?: string;
  providerTag?: string[];
  publish?: boolean;
  buildUrl?: string;
}

/** Of what a command prints: for people, or as annotations of GitHub Actions. */
type Format = 'text' | 'github';

export function formatOption(...others: string[]): Option {
  return new Option('--format <format>', 'output format; github: annotations, and the summary of the step').choices([
    'text',
    ...others,
    'github',
  ]);
}

export function withBrokerOptions(command: Command): Command {
  return command
    .optionsGroup('Contracts from a Pact broker (token: PACT_BROKER_TOKEN):')
    .option('--broker-url <url>', 'verify the contracts of a Pact broker; files only with --contracts')
    .option('--broker-provider <name>', "the provider's name at the broker")
    .option('--consumer-version-selector <json>', 'which contracts; repeatable (default: main, deployed)', collect)
    .option('--enable-pending', 'do not fail on pending pacts')
    .option('--include-wip-pacts-since <date>', 'include work-in-progress pacts since YYYY-MM-DD')
    .option('--provider-version <version>', 'provider version for published results')
    .option('--provider-branch <branch>', 'the branch of that version')
    .option('--provider-tag <tag>', 'a tag of that version; repeatable', collect)
    .option('--publish', 'publish the results to the broker')
    .option('--build-url <url>', 'URL of the build that published the results');
}

/** The broker that the options name. @throws Problem if an option lacks another one, or a selector is not a JSON object. */
export function brokerOf(options: BrokerOptions): Broker | undefined {
  const { brokerUrl: url, brokerProvider: provider, publish, providerVersion, buildUrl } = options;
  if (url === undefined) {
    if (provider !== undefined || publish)
      throw invalid('--broker-url is required by --broker-provider and --publish.');
    return undefined;
  }
  if (!URL.canParse(url)) throw invalid('--broker-url must be an absolute URL.');
  if (provider === undefined) throw invalid('--broker-provider is required by --broker-url.');
  if (publish && providerVersion === undefined) throw invalid('--provider-version is required by --publish.');
  return {
    url,
    provider,
    selectors: options.consumerVersionSelector?.map(parseSelector),
    enablePending: options.enablePending,
    includeWipPactsSince: options.includeWipPactsSince,
    providerBranch: options.providerBranch,
    providerTags: options.providerTag,
    publish: publish && providerVersion !== undefined ? { providerVersion, buildUrl } : undefined,
  };
}

function parseSelector(text: string): object {
  const selector = parseObject(text);
  if (selector) return selector;
  throw new Problem({
    code: 'option_invalid',
    what: 'A consumer version selector must be a JSON object.',
    where: '--consumer-version-selector',
    facts: { expected: '{"mainBranch":true}', found: text },
    remedy: 'Correct it, and quote it for your shell.',
  });
}

function invalid(what: string): Problem {
  return new Problem({ code: 'option_invalid', what, remedy: 'Correct it, or omit the options of the broker.' });
}

/** Collects the values of a repeatable option. */
export const collect = (value: string, all: string[] = []): string[] => [...all, value];

/** Collects hosts as the proxy has them. @throws Problem if it is not a hostname. */
export function collectHosts(host: string, all: string[] = []): string[] {
  const name = host.toLowerCase();
  const isName = /^(?:\[[\da-f:.]+\]|[\w-]+(?:\.[\w-]+)*\.?)$/.test(name);
  const url = isName && URL.canParse(`https://${name}`) ? new URL(`https://${name}`) : undefined;
  if (url?.host === name) return [...all, hostName(url)];
  if (host.includes('*')) {
    throw new Problem({
      code: 'option_invalid',
      what: 'A host is one name, without patterns.',
      facts: { found: host, expected: 'for example api.example.com' },
      remedy: 'Name each host with an option of its own.',
    });
  }
  throw new Problem({
    code: 'option_invalid',
    what: 'Expected a hostname only.',
    facts: { found: host, expected: 'for example api.example.com' },
    remedy: 'Omit https://, path and port.',
  });
}

/** @throws Problem if the clock or a fault is invalid. */
export async function setUp(mock: Mock, { fault: faults = [], clock }: AtStart): Promise<void> {
  if (clock !== undefined) {
    apply('--clock', clock, '2026-12-24T18:00:00Z', () => mock.clock.set(readInstant(clock)));
  }
  if (faults.length === 0) return;
  const { checkRequest } = await import('../mock/control/check-request.ts');
  for (const fault of faults) {
    const add = (): unknown => mock.faults.add(checkRequest('addFault', {}, new URLSearchParams(), fault).body);
    apply('--fault', fault, '\'{"operationId":"…","status":503,"count":2}\'', add);
  }
}

function apply(option: string, found: string, example: string, act: () => unknown): void {
  try {
    act();
  } catch (error) {
    const facts = { found, reason: messageOf(error), example };
    const remedy = 'Correct it: see docs/faults.md and docs/control.md.';
    throw new Problem({ code: 'option_invalid', what: `Invalid ${option}.`, facts, remedy }, { cause: error });
  }
}

export function parsePrefix(text: string): string {
  const prefix = text.replace(/(?<!_)_+$/, '');
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(prefix)) return prefix;
  throw new InvalidArgumentError('Expected the beginning of a variable name: letters, digits and underscores.');
}

export function parsePattern(text: string): RegExp {
  try {
    return new RegExp(text, 'mu');
  } catch {
    throw new InvalidArgumentError('Expected a regular expression.');
  }
}

export function parseNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Expected a number from ${least} to ${most}.`);
  };
}
