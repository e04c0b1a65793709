import { interactionName } from '../../pact/model.ts';
import { Problem } from '../../util/errors.ts';
import { parseObject } from '../../util/json.ts';
import type { Verdict } from '../verdict.ts';
import { isOutage } from './exchange.ts';
import { describeMismatch, outage, unanswered, type InteractionJudgement } from './judge-interaction.ts';
import { readResults, Verifier, type InteractionResult, type VerifierRequest } from './pact-verifier.ts';
import { anyKeys } from './places.ts';
import type { Provider } from './provider.ts';
import { recordingUpstream, Relay } from './relay.ts';

interface VerifyBrokerOptions {
  provider: Provider;
  broker: Broker;
  /** `process.env` unless given. */
  environment?: NodeJS.ProcessEnv;
}

/**
 * Plays the contracts of a Pact broker to a provider under test, and publishes the results if that is asked for. Pact's verifier
 * fetches, plays and publishes by itself; what it publishes holds values of the provider's answers, as ever with Pact.
 * @throws Problem if the provider is a real one, whose states cannot be set; if Pact's verifier is not installed; if the broker
 * gives no contract.
 */
export async function verifyBroker({
  provider,
  broker,
  environment = process.env,
}: VerifyBrokerOptions): Promise<Verdict[]> {
  if (provider.silence)
    return [verdict(broker, unanswered(`${provider.silence.reason}. Nothing was fetched or published`))];
  if (provider.access.kind !== 'test') throw realProvider();
  await using verifier = await Verifier.start();
  await using relay = await Relay.open();
  using urls = relay.begin(recordingUpstream(provider));
  const text = await verifier.verify({
    providerBaseUrl: urls.providerUrl,
    providerStatesSetupUrl: urls.statesUrl,
    followRedirects: false,
    timeout: provider.timeout * 2 + 5000,
    ...toVerifierRequest(broker, environment),
  });
  const results = readResults(text) ?? [];
  if (results.length === 0) throw noContracts(broker, text);
  return results.flatMap((result) => judge(result).map((judgement) => verdict(broker, judgement, result)));
}

function judge({ mismatches, pending, stateFailed }: InteractionResult): InteractionJudgement[] {
  if (!mismatches) {
    return stateFailed
      ? [{ result: 'not verifiable', rule: 'state', sentence: 'The provider state could not be set.' }]
      : [unanswered('gives no answer')];
  }
  const { expected, actual: status } = mismatches.find(({ type }) => type === 'StatusMismatch') ?? {};
  const demanded = Number(expected);
  if (typeof status === 'number' && isOutage({ status, headers: new Map(), body: Buffer.of() }, { demanded })) {
    return [outage(status)];
  }
  const findings = mismatches.flatMap((mismatch) => describeMismatch(mismatch, anyKeys));
  if (findings.length === 0)
    return [{ result: 'holds', rule: 'interaction', sentence: 'The answer is as the contract demands.' }];
  const { result, words }: { result: InteractionJudgement['result']; words: string } = pending
    ? { result: 'not verifiable', words: 'The contract is pending at the broker. ' }
    : { result: 'broken', words: '' };
  return findings.map(({ place, rule, sentence }) => ({ result, place, rule, sentence: words + sentence }));
}

function verdict(broker: Broker, judgement: InteractionJudgement, result?: InteractionResult): Verdict {
  return {
    net: 'provider',
    contract: `${result ? `${result.consumer} and ` : ''}${broker.provider} at the broker`,
    ...(result && { interaction: interactionName(result) }),
    ...judgement,
  };
}

function realProvider(): Problem {
  return new Problem({
    code: 'option_invalid',
    what: 'The contracts of a broker cannot be played to a real provider: its states cannot be set, and it is not known beforehand what would be sent.',
    remedy:
      'Name the URL that sets provider states with --states URL, or verify contracts in files with --contracts DIR.',
  });
}

/** Which contracts a Pact broker is asked for, and what it is told. All of it goes to Pact's own verifier as it is. */
export interface Broker {
  url: string;
  /** The provider's name at the broker. */
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
  /** Publishes the results, under the version of the provider. */
  publish?: { providerVersion: string; buildUrl?: string | undefined } | undefined;
}

/** The broker by the names of `VerifierOptions` of @pact-foundation/pact-core. */
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

/** What is wrong where a broker gave no contract. */
function noContracts({ url, provider }: Broker, text: string | undefined): Problem {
  const errors = parseObject(text ?? '')?.['errors'];
  const message = JSON.stringify(errors ?? '');
  return new Problem({
    code: 'broker_unusable',
    what: `The broker gives no contract with the provider ${provider}.`,
    // Of a URL only the origin is shown, since it may hold a password.
    where: URL.parse(url)?.origin ?? 'the URL of the broker',
    facts: { found: whatFailed(message) },
    remedy: 'Look at the URL, at PACT_BROKER_TOKEN, at the name of the provider and at the selectors.',
  });
}

/** Pact's words for it may hold more than is to be shown. */
function whatFailed(message: string): string {
  const status = /failed: ([45]\d\d)\b/.exec(message)?.[1];
  if (status !== undefined) return `it answers ${status}`;
  if (message.includes('error sending request')) return 'it does not answer';
  if (message.includes('HAL')) return 'it does not answer as a Pact broker does';
  return 'no contract that the selectors match';
}
