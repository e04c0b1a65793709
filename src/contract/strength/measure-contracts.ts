import type { Api } from '../../openapi/api.ts';
import { diffSpecifications } from '../../diff/diff.ts';
import { checkGuarantees } from '../../verify/guarantee/check-guarantees.ts';
import type { Contract } from '../../pact/model.ts';
import type { Outcome } from '../../verify/mutation/measure.ts';
import { specificationNet } from './nets/specification-net.ts';
import type { FaithfulProvider } from '../../verify/mutation/replay.ts';
import { measureStrength } from '../../verify/mutation/mutation-testing.ts';

export interface ContractStrengthOptions {
  api: Api;
  contracts: readonly Contract[];
  provider: FaithfulProvider;
  /** How many mutants are judged at the same time; 2 unless given. */
  parallel?: number;
  /** Asked before each mutant; once it says no, the rest is left out. */
  mayGoOn?: () => boolean;
  onOutcome?: (outcome: Outcome, count: number) => void;
}

/**
 * Shows the mutants of a specification to all nets: Pact's verifier, the guarantee check and the diff.
 * @throws Problem as `measureStrength()` does, and if a net complains of the specification as it is.
 */
export async function measureContracts(options: ContractStrengthOptions): Promise<Outcome[]> {
  const { document } = options.api;
  const guarantee = await specificationNet('guarantee', document, (changed) =>
    checkGuarantees(changed, options.contracts)
      .filter(({ result }) => result === 'broken')
      .map(({ rule, sentence }) => `${rule}: ${sentence}`),
  );
  const diff = await specificationNet('diff', document, (changed) =>
    diffSpecifications(document, changed)
      .filter(({ severity }) => severity === 'breaking')
      .map(({ rule, sentence }) => `${rule}: ${sentence}`),
  );
  return measureStrength({ ...options, nets: [guarantee, diff] });
}
