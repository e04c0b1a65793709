import { Problem } from '../../util/errors.ts';
import type { Environment } from '../../verify/provider/credentials.ts';
import { parseObject } from './parse-object.ts';
import type { VerifierRequest } from '../../verify/provider/pact-verifier.ts';

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
export function toVerifierRequest(broker: Broker, environment: Environment): VerifierRequest {
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
export function noContracts({ url, provider }: Broker, text: string | undefined): Problem {
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
