import type { Api } from '../openapi/api.ts';
import type { Contract } from '../pact/model.ts';
import { checkConformance } from './conformance/check-conformance.ts';
import { checkGuarantees } from './guarantee/check-guarantees.ts';
import { lintSpecification } from './lint.ts';
import type { Provider } from './provider/provider.ts';
import { verifyBroker, type Broker } from './provider/verify-broker.ts';
import { verifyProvider, type AccountFacts } from './provider/verify-provider.ts';
import { gravestFirst, type Verdict } from './verdict.ts';

export interface Verification {
  specification: string;
  api: Api;
  contracts: readonly Contract[];
  provider: Provider;
  broker?: Broker;
  account?: AccountFacts;
  seed?: number;
  onStep?: (step: string) => void;
}

/**
 * Checks contracts, specification and provider against each other.
 * @throws Problem if a required tool is missing, or a live provider refuses the credentials.
 */
export async function verify(verification: Verification): Promise<Verdict[]> {
  const { specification, api, contracts, provider, broker, account = {}, seed = 1, onStep = () => {} } = verification;
  onStep('the specification by itself');
  const linted = await lintSpecification(specification, undefined, api);
  onStep('contracts against the specification');
  const proved = checkGuarantees(api.document, contracts);
  onStep('contracts against the provider');
  const played = await verifyProvider({ provider, contracts, account, api });
  const fetched = broker ? await verifyBroker({ provider, broker }) : [];
  onStep('the provider against the specification');
  const conforming = await checkConformance({ provider, api, seed });
  return [...linted, ...proved, ...played, ...fetched, ...conforming];
}

export function outcomeOf(verdicts: readonly Verdict[]): Verdict['result'] {
  const results = new Set(verdicts.map(({ result }) => result));
  return gravestFirst.find((result) => results.has(result)) ?? 'holds';
}
