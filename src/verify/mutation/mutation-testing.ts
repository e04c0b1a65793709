import { diffSpecifications } from '../../diff/diff.ts';
import type { Api } from '../../openapi/api.ts';
import type { OpenApiDocument } from '../../openapi/document.ts';
import { follow } from '../../openapi/look-up.ts';
import type { Contract } from '../../pact/model.ts';
import { Problem } from '../../util/errors.ts';
import { toPointer } from '../../util/json.ts';
import { checkGuarantees } from '../guarantee/check-guarantees.ts';
import { Relay, stateChanged } from '../provider/relay.ts';
import { affected, measure, type MeasureOptions, type MutantOutcome } from './measure.ts';
import type { Mutant, MutantCheck, Operator, RecordedExchange } from './mutant.ts';
import { bodyOperators, statusOperators } from './operators/answers.ts';
import { controlOperators } from './operators/controls.ts';
import { presenceOperators, typeOperators, valueOperators } from './operators/fields.ts';
import { oauthOperators, securityOperators } from './operators/oauth.ts';
import { requestOperators } from './operators/requests.ts';
import { record, toRelay, VerifierPool, type FaithfulProvider } from './replay.ts';
import { subjectOf, type Subject } from './targets.ts';

interface StrengthOptions extends MeasureOptions {
  api: Api;
  contracts: readonly Contract[];
  /** A provider that keeps the contracts, such as our mock. It is asked once for each interaction. */
  provider: FaithfulProvider;
  /** Further checks beside Pact's verifier. */
  checks?: readonly MutantCheck[];
  /** Instead of all mutants of the specification. */
  mutants?: readonly Mutant[];
}

/**
 * How strong the contracts are: which mutants of the provider the checks kill, and which correct providers they refuse.
 * The outcomes are in the order of the operators.
 * @throws Problem if there is nothing to measure, the provider breaks the contracts, or Pact's verifier is missing.
 */
export async function measureStrength(options: StrengthOptions): Promise<MutantOutcome[]> {
  const { api, contracts, provider, checks = [] } = options;
  const subject = subjectOf(api);
  await using relay = await Relay.open();
  await using verifiers = new VerifierPool();
  const exchanges = await record(contracts, provider, api, relay, verifiers);
  const pact = pactCheck(contracts, exchanges, relay, verifiers);
  const mutants = (options.mutants ?? mutantsOf(subject)).filter((mutant) => isFelt(mutant, exchanges));
  if (!mutants.some(({ expected }) => expected === 'refused')) {
    throw new Problem({
      code: 'baseline_failing',
      what: 'The specification has nothing to mutate.',
      facts: { operations: String(api.operations.length) },
      remedy: 'Describe operations and their answers in the specification.',
    });
  }
  return await measure(mutants, { subject, exchanges, checks: [pact, ...checks] }, options);
}

/** A control that changes nothing proves nothing by being accepted. */
function isFelt(mutant: Mutant, exchanges: readonly RecordedExchange[]): boolean {
  return mutant.expected === 'refused' || mutant.specification !== undefined || affected(exchanges, mutant).length > 0;
}

/**
 * Shows the mutants of a specification to all checks: Pact's verifier, the guarantee check and the diff.
 * @throws Problem as `measureStrength()` does, and if a check complains of the specification as it is.
 */
export async function measureContracts(options: Omit<StrengthOptions, 'checks' | 'mutants'>): Promise<MutantOutcome[]> {
  const { document } = options.api;
  const words = ({ rule, sentence }: { rule: string; sentence: string }): string => `${rule}: ${sentence}`;
  const guarantee = await specificationCheck('guarantee', document, (changed) =>
    checkGuarantees(changed, options.contracts)
      .filter(({ result }) => result === 'broken')
      .map(words),
  );
  const diff = await specificationCheck('diff', document, (changed) =>
    diffSpecifications(document, changed)
      .filter(({ severity }) => severity === 'breaking')
      .map(words),
  );
  return measureStrength({ ...options, checks: [guarantee, diff] });
}

/** Every kind of change that a provider may undergo, those that break no caller included. */
export const operators: readonly Operator[] = [
  ...presenceOperators,
  ...typeOperators,
  ...valueOperators,
  ...bodyOperators,
  ...statusOperators,
  ...requestOperators,
  ...oauthOperators,
  ...securityOperators,
  ...controlOperators,
];

/** The mutants of a specification: every operator at every place where it makes sense, each a single change. */
export function mutantsOf(subject: Subject, kinds: readonly Operator[] = operators): Mutant[] {
  return kinds.flatMap(({ name, expected, mutate }) =>
    mutate(subject).map(({ steps, ...draft }) => ({
      id: `${name} ${draft.operation} ${draft.place}`,
      operator: name,
      expected,
      pointer: toPointer(follow(subject.api.document, steps)),
      ...draft,
    })),
  );
}

/**
 * A check of specifications alone. A complaint about a mutant's specification kills the mutant.
 * @param complaints what is wrong with a specification, one sentence each.
 * @throws Problem if it complains of the unchanged specification.
 */
export async function specificationCheck(
  name: string,
  specification: OpenApiDocument,
  complaints: (specification: OpenApiDocument) => Promise<readonly string[]> | readonly string[],
): Promise<MutantCheck> {
  const [complaint] = await complaints(specification);
  if (complaint !== undefined) {
    throw new Problem({
      code: 'baseline_failing',
      what: `The unchanged specification does not pass ${name}, so its mutants cannot be judged.`,
      facts: { complaint },
      remedy: 'Correct the specification or the contract, then run this again.',
    });
  }
  return {
    name,
    judge: async ({ specification: changed }) => {
      const [by] = changed ? await complaints(changed) : [];
      return by === undefined ? { result: 'survived' } : { result: 'killed', by };
    },
  };
}

/**
 * Plays the contracts by Pact's own verifier to the recorded answers with the mutant's change. Interactions with the
 * same answers are not played again.
 */
function pactCheck(
  contracts: readonly Contract[],
  exchanges: readonly RecordedExchange[],
  relay: Relay,
  verifiers: VerifierPool,
): MutantCheck {
  return {
    name: 'pact',
    judge: async (mutant) => {
      for (const { exchange, answer } of affected(exchanges, mutant)) {
        const contract = contracts.find(({ file }) => file === exchange.contract);
        const interaction = contract?.interactions.find(({ index }) => index === exchange.index);
        if (!contract || !interaction || interaction.pending) continue;
        using urls = relay.begin({
          changeState: async (body) => stateChanged(200, exchange.states.get(body.toString())),
          send: async () => toRelay(answer),
        });
        const mismatches = await verifiers.play(contract, interaction, urls);
        if (!mismatches) {
          // Counting this as a kill would make every broken verifier a strong contract.
          throw new Problem({
            code: 'baseline_failing',
            what: "Pact's verifier could not play an interaction to a mutant.",
            facts: { contract: exchange.contract, interaction: exchange.interaction },
            remedy: 'Run this again; if it still fails, check the request of the interaction in the contract.',
          });
        }
        if (mismatches.length > 0) return { result: 'killed', by: exchange.interaction };
      }
      return { result: 'survived' };
    },
  };
}
