import { Problem } from '../../util/errors.ts';
import type { Verdict } from '../verdict.ts';
import { noContracts, toVerifierRequest, type Broker } from '../../contract/provider/broker.ts';
import type { Environment } from './credentials.ts';
import { describeMismatch } from '../../contract/provider/describe-mismatch.ts';
import { Gate } from './recording-proxy.ts';
import type { Judgement } from './judge-interaction.ts';
import { anyKeys } from './places.ts';
import type { Provider } from './provider.ts';
import { Verifier } from './pact-verifier.ts';
import { readResults, type InteractionResult } from '../../contract/provider/verifier-results.ts';

export interface VerifyBrokerOptions {
  provider: Provider;
  broker: Broker;
  /** `process.env` unless given. */
  environment?: Environment;
}

/**
 * Plays the contracts of a Pact broker to a provider under test, and publishes the results if that is asked for. Pact's verifier
 * fetches, plays and publishes by itself; what it publishes holds values of the provider's answers, as ever with Pact.
 * @throws Problem if the provider is a real one, whose states nobody sets; if Pact's verifier is not installed; if the broker
 * gives no contract.
 */
export async function verifyBroker({
  provider,
  broker,
  environment = process.env,
}: VerifyBrokerOptions): Promise<Verdict[]> {
  if (provider.silence)
    return [
      verdict(broker, {
        result: 'unanswered',
        rule: 'answer',
        sentence: `The provider ${provider.silence.reason}. Nothing was fetched or published.`,
      }),
    ];
  if (provider.access.kind !== 'test') throw realProvider();
  await using verifier = await Verifier.start();
  await using gate = await Gate.open(provider);
  const { providerUrl, statesUrl } = gate.passage();
  const text = await verifier.verify({
    providerBaseUrl: providerUrl,
    providerStatesSetupUrl: statesUrl,
    followRedirects: false,
    timeout: provider.timeout * 2 + 5000,
    ...toVerifierRequest(broker, environment),
  });
  const results = readResults(text) ?? [];
  if (results.length === 0) throw noContracts(broker, text);
  return results.flatMap((result) => judge(result).map((judgement) => verdict(broker, judgement, result)));
}

function judge({ mismatches, pending, stateFailed }: InteractionResult): Judgement[] {
  if (!mismatches) {
    return stateFailed
      ? [{ result: 'not verifiable', rule: 'state', sentence: 'The provider state could not be set.' }]
      : [{ result: 'unanswered', rule: 'answer', sentence: 'The provider gives no answer.' }];
  }
  const status = mismatches.find(({ type }) => type === 'StatusMismatch')?.actual;
  if (typeof status === 'number' && (status >= 500 || status === 429)) {
    return [
      {
        result: 'unanswered',
        rule: 'answer',
        sentence: `The provider answers ${status}, so it does not work just now. Try again later.`,
      },
    ];
  }
  const findings = mismatches.flatMap((mismatch) => describeMismatch(mismatch, anyKeys));
  if (findings.length === 0)
    return [{ result: 'holds', rule: 'interaction', sentence: 'The answer is as the contract demands.' }];
  const { result, words }: { result: Judgement['result']; words: string } = pending
    ? { result: 'not verifiable', words: 'The contract is pending at the broker. ' }
    : { result: 'broken', words: '' };
  return findings.map(({ place, rule, sentence }) => ({ result, place, rule, sentence: words + sentence }));
}

function verdict(broker: Broker, judgement: Judgement, result?: InteractionResult): Verdict {
  const { consumer, description, states } = result ?? {};
  const given = states && states.length > 0 ? `, given ${states.join(' and ')}` : '';
  return {
    net: 'provider',
    contract:
      consumer === undefined ? `${broker.provider} at the broker` : `${consumer} and ${broker.provider} at the broker`,
    ...(description === undefined ? {} : { interaction: description + given }),
    ...judgement,
  };
}

function realProvider(): Problem {
  return new Problem({
    code: 'option_invalid',
    what: 'The contracts of a broker cannot be played to a real provider: nobody sets its states, and nobody says beforehand what would be sent.',
    remedy:
      'Name the URL that sets provider states with --states URL, or verify contracts in files with --contracts DIR.',
  });
}
