import type { Api } from '../../openapi/api.ts';
import { Problem } from '../../util/errors.ts';
import type { PactFile } from '../provider/verify-provider.ts';
import { affected } from '../../contract/strength/affected.ts';
import type { Exchange } from '../../contract/strength/exchange.ts';
import { measure, type Outcome } from './measure.ts';
import { mutantsOf } from '../../contract/strength/mutate.ts';
import type { Mutant } from './mutant.ts';
import type { Net } from '../../contract/strength/net.ts';
import { pactNet } from '../../contract/strength/nets/pact-net.ts';
import { record, type FaithfulProvider } from './replay.ts';
import { Stage } from '../../contract/strength/stage.ts';
import { subjectOf, type Subject } from './targets.ts';
import { Troupe } from '../../contract/strength/troupe.ts';

export interface StrengthOptions {
  api: Api;
  contracts: readonly PactFile[];
  /** A provider that keeps the contracts, such as our mock. It is asked once for each interaction. */
  provider: FaithfulProvider;
  /** Further nets beside Pact's verifier. */
  nets?: readonly Net[];
  /** Instead of all mutants of the specification. */
  mutants?: readonly Mutant[];
  /** How many mutants are judged at the same time; 2 unless given. */
  parallel?: number;
  /** Asked before each mutant; once it says no, the rest is left out. */
  mayGoOn?: () => boolean;
  onOutcome?: (outcome: Outcome, count: number) => void;
}

/**
 * How strong the contracts are: which mutants of the provider the nets kill, and which right providers they refuse. The
 * outcomes are in the order of the operators.
 * @throws Problem if there is nothing to measure, the provider does not keep the contracts as it is, or Pact's verifier is
 * not installed.
 */
export async function measureStrength(options: StrengthOptions): Promise<Outcome[]> {
  const { api, contracts, provider, nets = [], parallel = 2, mayGoOn, onOutcome } = options;
  const subject = subjectOf(api);
  await using stage = await Stage.open();
  await using troupe = await Troupe.gather(parallel);
  const exchanges = await record(contracts, provider, api, stage, troupe);
  const pact = pactNet(contracts, exchanges, stage, troupe);
  const mutants = (options.mutants ?? mutantsOf(subject)).filter((mutant) => isFelt(mutant, exchanges));
  refuseNothing(mutants, subject);
  return await measure({
    subject,
    exchanges,
    mutants,
    nets: [pact, ...nets],
    parallel,
    ...(mayGoOn && { mayGoOn }),
    ...(onOutcome && { onOutcome: (outcome) => onOutcome(outcome, mutants.length) }),
  });
}

/** A control that changes nothing proves nothing by being accepted. */
function isFelt(mutant: Mutant, exchanges: readonly Exchange[]): boolean {
  return mutant.expected === 'refused' || mutant.specification !== undefined || affected(exchanges, mutant).length > 0;
}

function refuseNothing(mutants: readonly Mutant[], { api }: Subject): void {
  if (mutants.some(({ expected }) => expected === 'refused')) return;
  throw new Problem({
    code: 'baseline_failing',
    what: 'There is no mutant to judge the contracts by.',
    facts: { operations: String(api.operations.length) },
    remedy: 'Describe operations and their answers in the specification.',
  });
}
