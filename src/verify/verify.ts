import type { Api } from '../openapi/api.ts';
import type { Contract } from '../pact/model.ts';
import { checkConformance } from './conformance/check-conformance.ts';
import { checkGuarantees } from './guarantee/check-guarantees.ts';
import { lintSpecification } from './lint.ts';
import type { Provider } from './provider/provider.ts';
import { verifyBroker, type Broker } from './provider/verify-broker.ts';
import { verifyProvider, type AccountFacts } from './provider/verify-provider.ts';
import type { Verdict } from './verdict.ts';

export interface Verification {
  /** The specification's file, and what is read from it. */
  specification: string;
  api: Api;
  contracts: readonly Contract[];
  provider: Provider;
  /** Whose contracts are played as well. */
  broker?: Broker;
  /** What is known of the account of a real provider, such as `{ clinic: 'bianchi' }`. */
  account?: AccountFacts;
  /** The same seed makes the same requests. */
  seed?: number;
  /** Is told what is done next. */
  onStep?: (step: string) => void;
}

/**
 * Holds contracts, specification and provider against each other. That the specification can be read is known by then.
 * @throws Problem if a tool is missing that is needed, or a real provider refuses the credentials.
 */
export async function verify(verification: Verification): Promise<Verdict[]> {
  const { specification, api, contracts, provider, broker, account = {}, seed = 1, onStep = () => {} } = verification;
  onStep('the specification by itself');
  const linted = await lintSpecification(specification);
  onStep('contracts against the specification');
  const proved = checkGuarantees(api.document, contracts);
  onStep('contracts against the provider');
  const played = await verifyProvider({ provider, contracts, account });
  const fetched = broker ? await verifyBroker({ provider, broker }) : [];
  onStep('the provider against the specification');
  const conforming = await checkConformance({ provider, api, seed });
  return [...linted, ...proved, ...played, ...fetched, ...conforming];
}

/** How a verification ended: in one word for all its verdicts, the gravest first. */
export function outcomeOf(verdicts: readonly Verdict[]): Verdict['result'] {
  const results = new Set(verdicts.map(({ result }) => result));
  const order = ['broken', 'unanswered', 'not verifiable'] as const;
  return order.find((result) => results.has(result)) ?? 'holds';
}
