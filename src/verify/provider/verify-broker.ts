import { interactionName, type State } from '../../pact/model.ts';
import { Problem } from '../../util/errors.ts';
import { parseObject } from '../../util/json.ts';
import { asPending, type Verdict } from '../verdict.ts';
import { describeMismatches, providerSilent, type InteractionJudgement } from './judge-interaction.ts';
import { readResults, Verifier, type InteractionResult, type VerifierRequest } from './pact-verifier.ts';
import { anyKeys } from './places.ts';
import type { Provider } from './provider.ts';
import { recordingUpstream, Relay, type Passage } from './relay.ts';

interface VerifyBrokerOptions {
  provider: Provider;
  broker: Broker;
  /** `process.env` unless given. */
  environment?: NodeJS.ProcessEnv;
}

/**
 * Plays the contracts of a Pact broker to a provider under test, and publishes the results on request. Pact's verifier
 * fetches, plays and publishes by itself; what it publishes holds values of the provider's answers.
 * @throws Problem if the provider is live, Pact's verifier is not installed, or the broker gives no contract.
 */
export async function verifyBroker({
  provider,
  broker,
  environment = process.env,
}: VerifyBrokerOptions): Promise<Verdict[]> {
  if (provider.silence)
    return [verdict(broker, providerSilent(`${provider.silence.reason}. Nothing was fetched or published`))];
  if (provider.access.kind !== 'test') {
    throw new Problem({
      code: 'option_invalid',
      what: 'Contracts from a broker cannot be played to a live provider: its states cannot be set, and the requests are unknown beforehand.',
      remedy:
        'Name the URL that sets provider states with --states URL, or verify contracts in files with --contracts DIR.',
    });
  }
  await using verifier = await Verifier.start();
  await using relay = await Relay.open();
  const upstream = recordingUpstream(provider);
  using urls = relay.begin(upstream);
  const text = await verifier.verify({
    providerBaseUrl: urls.providerUrl,
    providerStatesSetupUrl: urls.statesUrl,
    followRedirects: false,
    timeout: provider.timeout * 2 + 5000,
    ...toVerifierRequest(broker, environment),
  });
  const results = readResults(text) ?? [];
  if (results.length === 0) throw noContracts(broker, text);
  return results.flatMap((result) =>
    judge(provider, result, upstream.record).map((judgement) => verdict(broker, judgement, result)),
  );
}

function judge(
  provider: Provider,
  { mismatches, states, stateFailed, pending }: InteractionResult,
  { failed }: Passage,
): InteractionJudgement[] {
  const judgements = mismatches
    ? describeMismatches(provider, mismatches, anyKeys).map((finding) => ({ result: 'broken' as const, ...finding }))
    : [stateFailed ? whichFailed(states, failed) : providerSilent('gives no answer')];
  if (judgements.length === 0)
    return [{ result: 'holds', rule: 'interaction', sentence: 'The answer is as the contract demands.' }];
  return pending ? judgements.map((each) => asPending(each)) : judgements;
}

function whichFailed(states: readonly State[], failed: Passage['failed']): InteractionJudgement {
  const [failure] = states.flatMap(({ name }) => failed.get(name) ?? []);
  return { rule: 'state', result: 'broken', sentence: 'The provider state could not be set.', ...failure };
}

function verdict(broker: Broker, judgement: InteractionJudgement, result?: InteractionResult): Verdict {
  return {
    net: 'provider',
    contract: `${result ? `${result.consumer} and ` : ''}${broker.provider} at the broker`,
    ...(result && { interaction: interactionName(result) }),
    ...judgement,
  };
}

/** The contracts to fetch from a Pact broker, and what to publish; passed to Pact's verifier unchanged. */
export interface Broker {
  url: string;
  provider: string;
  /** `PACT_BROKER_TOKEN` of the environment unless given. */
  token?: string | undefined;
  /** `PACT_BROKER_USERNAME` and `PACT_BROKER_PASSWORD` of the environment unless given. */
  username?: string | undefined;
  password?: string | undefined;
  /** Consumer version selectors; unless given, of each consumer the main branch, and what is deployed or released. */
  selectors?: readonly object[] | undefined;
  enablePending?: boolean | undefined;
  /** `YYYY-MM-DD`. */
  includeWipPactsSince?: string | undefined;
  providerBranch?: string | undefined;
  providerTags?: readonly string[] | undefined;
  publish?: { providerVersion: string; buildUrl?: string | undefined } | undefined;
}

function toVerifierRequest(broker: Broker, environment: NodeJS.ProcessEnv): VerifierRequest {
  const { publish } = broker;
  const options = {
    pactBrokerUrl: broker.url,
    provider: broker.provider,
    pactBrokerToken: broker.token ?? environment['PACT_BROKER_TOKEN'],
    pactBrokerUsername: broker.username ?? environment['PACT_BROKER_USERNAME'],
    pactBrokerPassword: broker.password ?? environment['PACT_BROKER_PASSWORD'],
    consumerVersionSelectors: broker.selectors ?? [{ mainBranch: true }, { deployedOrReleased: true }],
    enablePending: broker.enablePending,
    includeWipPactsSince: broker.includeWipPactsSince,
    providerVersionBranch: broker.providerBranch,
    providerVersionTags: broker.providerTags,
    ...(publish ? { publishVerificationResult: true, ...publish } : {}),
    failIfNoPactsFound: true,
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function noContracts({ url, provider }: Broker, text: string | undefined): Problem {
  const message = JSON.stringify(parseObject(text ?? '')?.['errors'] ?? '');
  return new Problem({
    code: 'broker_unusable',
    what: `The broker gives no contract with the provider ${provider}.`,
    // The rest of the URL may hold a password.
    where: URL.parse(url)?.origin ?? 'the URL of the broker',
    facts: { found: whatFailed(message) },
    remedy: 'Check the URL, PACT_BROKER_TOKEN, the name of the provider and the selectors.',
  });
}

/** Pact's own message may hold secrets. */
function whatFailed(message: string): string {
  const status = /failed: ([45]\d\d)\b/.exec(message)?.[1];
  if (status !== undefined) return `it answers ${status}`;
  if (message.includes('error sending request')) return 'it does not answer';
  if (message.includes('HAL')) return 'it does not answer as a Pact broker does';
  return 'no contract that the selectors match';
}
