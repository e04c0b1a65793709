import type { Command } from 'commander';
import { messageOf, Problem } from '../util/errors.ts';
import type { Broker } from '../verify/provider/verify-broker.ts';

/** What the command line says of a Pact broker, by Pact's own names. */
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

/** Adds the options of a Pact broker to a command. */
export function withBrokerOptions(command: Command): Command {
  return command
    .optionsGroup('Contracts from a Pact broker (token: PACT_BROKER_TOKEN):')
    .option('--broker-url <url>', 'play the contracts of a Pact broker; those of files only with --contracts')
    .option('--broker-provider <name>', "the provider's name at the broker")
    .option('--consumer-version-selector <json>', 'which contracts; may be repeated (default: main, deployed)', collect)
    .option('--enable-pending', 'what is pending at the broker is never broken')
    .option('--include-wip-pacts-since <date>', 'work in progress too, since YYYY-MM-DD')
    .option('--provider-version <version>', 'the version under which results are published')
    .option('--provider-branch <branch>', 'the branch of that version')
    .option('--provider-tag <tag>', 'a tag of that version; may be repeated', collect)
    .option('--publish', 'publish the results to the broker')
    .option('--build-url <url>', 'where the results came from');
}

/**
 * The broker that is asked for, if one is.
 * @throws Problem if an option is missing that another one needs, or a selector is no JSON object.
 */
export function brokerOf(options: BrokerOptions): Broker | undefined {
  const { brokerUrl: url, brokerProvider: provider, publish, providerVersion, buildUrl } = options;
  if (url === undefined) {
    if (provider !== undefined || publish) throw missing('--broker-url', '--broker-provider and --publish need it');
    return undefined;
  }
  if (!URL.canParse(url)) throw missing('--broker-url', 'what it has is no URL');
  if (provider === undefined) throw missing('--broker-provider', 'the broker is asked by the name of the provider');
  if (publish && providerVersion === undefined) throw missing('--provider-version', '--publish needs it');
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
  let reason = 'it is no object';
  try {
    const selector: unknown = JSON.parse(text);
    if (typeof selector === 'object' && selector !== null && !Array.isArray(selector)) return selector;
  } catch (error) {
    reason = messageOf(error);
  }
  throw new Problem({
    code: 'option_invalid',
    what: 'A consumer version selector is an object of JSON.',
    where: '--consumer-version-selector',
    facts: { expected: '{"mainBranch":true}', found: text, reason },
    remedy: 'Correct it, in quotes for your shell.',
  });
}

function missing(option: string, reason: string): Problem {
  return new Problem({
    code: 'option_invalid',
    what: `The option ${option} is missing or no good: ${reason}.`,
    where: option,
    remedy: 'Give it, or leave out the options of the broker.',
  });
}

/** Collects the values of an option that may be repeated. */
export const collect = (value: string, all: string[] = []): string[] => [...all, value];

/** Collects hosts. @throws Problem if one is something else. */
export function collectHosts(host: string, all: string[]): string[] {
  const name = host.toLowerCase();
  if (URL.canParse(`https://${name}`) && new URL(`https://${name}`).host === name) return [...all, name];
  throw new Problem({
    code: 'option_invalid',
    what: 'Expected the name of a host, and nothing around it.',
    facts: { found: host, expected: 'such as api.example.com' },
    remedy: 'Leave out https://, a path, a port.',
  });
}
