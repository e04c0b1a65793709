import { diffSpecifications } from '../../diff/diff.ts';
import type { Api } from '../../openapi/api.ts';
import type { OpenApiDocument } from '../../openapi/document.ts';
import { follow } from '../../openapi/look-up.ts';
import type { Contract } from '../../pact/model.ts';
import { Problem } from '../../util/errors.ts';
import { toPointer } from '../../util/json.ts';
import { checkGuarantees } from '../guarantee/check-guarantees.ts';
import { Relay, stateChanged } from '../provider/relay.ts';
import { affected, measure, type MutantOutcome } from './measure.ts';
import type { Mutant, MutantCheck, MutantDraft, Operator, RecordedExchange } from './mutant.ts';
import { bodyOperators, statusOperators } from './operators/answers.ts';
import { controlOperators } from './operators/controls.ts';
import { presenceOperators, typeOperators, valueOperators } from './operators/fields.ts';
import { oauthOperators, securityOperators } from './operators/oauth.ts';
import { requestOperators } from './operators/requests.ts';
import { record, toRelay, VerifierPool, type FaithfulProvider } from './replay.ts';
import { subjectOf, type Subject } from './targets.ts';

interface StrengthOptions {
  api: Api;
  contracts: readonly Contract[];
  /** A provider that keeps the contracts, such as our mock. It is asked once for each interaction. */
  provider: FaithfulProvider;
  /** Further checks beside Pact's verifier. */
  checks?: readonly MutantCheck[];
  /** Instead of all mutants of the specification. */
  mutants?: readonly Mutant[];
  /** How many mutants are judged at the same time; 2 unless given. */
  parallel?: number;
  /** Asked before each mutant; once it says no, the rest is left out. */
  mayGoOn?: () => boolean;
  onOutcome?: (outcome: MutantOutcome, count: number) => void;
}

/**
 * How strong the contracts are: which mutants of the provider the checks kill, and which right providers they refuse. The
 * outcomes are in the order of the operators.
 * @throws Problem if there is nothing to measure, the provider does not keep the contracts as it is, or Pact's verifier is
 * not installed.
 */
export async function measureStrength(options: StrengthOptions): Promise<MutantOutcome[]> {
  const { api, contracts, provider, checks = [], parallel = 2, mayGoOn, onOutcome } = options;
  const subject = subjectOf(api);
  await using relay = await Relay.open();
  await using verifiers = await VerifierPool.start(parallel);
  const exchanges = await record(contracts, provider, api, relay, verifiers);
  const pact = pactCheck(contracts, exchanges, relay, verifiers);
  const mutants = (options.mutants ?? mutantsOf(subject)).filter((mutant) => isFelt(mutant, exchanges));
  refuseNothing(mutants, subject);
  return await measure({
    subject,
    exchanges,
    mutants,
    checks: [pact, ...checks],
    parallel,
    ...(mayGoOn && { mayGoOn }),
    ...(onOutcome && { onOutcome: (outcome) => onOutcome(outcome, mutants.length) }),
  });
}

/** A control that changes nothing proves nothing by being accepted. */
function isFelt(mutant: Mutant, exchanges: readonly RecordedExchange[]): boolean {
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

interface ContractStrengthOptions {
  api: Api;
  contracts: readonly Contract[];
  provider: FaithfulProvider;
  /** How many mutants are judged at the same time; 2 unless given. */
  parallel?: number;
  /** Asked before each mutant; once it says no, the rest is left out. */
  mayGoOn?: () => boolean;
  onOutcome?: (outcome: MutantOutcome, count: number) => void;
}

/**
 * Shows the mutants of a specification to all checks: Pact's verifier, the guarantee check and the diff.
 * @throws Problem as `measureStrength()` does, and if a check complains of the specification as it is.
 */
export async function measureContracts(options: ContractStrengthOptions): Promise<MutantOutcome[]> {
  const { document } = options.api;
  const guarantee = await specificationCheck('guarantee', document, (changed) =>
    checkGuarantees(changed, options.contracts)
      .filter(({ result }) => result === 'broken')
      .map(({ rule, sentence }) => `${rule}: ${sentence}`),
  );
  const diff = await specificationCheck('diff', document, (changed) =>
    diffSpecifications(document, changed)
      .filter(({ severity }) => severity === 'breaking')
      .map(({ rule, sentence }) => `${rule}: ${sentence}`),
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
  return kinds.flatMap((operator) => operator.mutate(subject).map((draft) => toMutant(subject, operator, draft)));
}

function toMutant({ api }: Subject, { name, expected }: Operator, { steps, ...draft }: MutantDraft): Mutant {
  return {
    id: `${name} ${draft.operation} ${draft.place}`,
    operator: name,
    expected,
    pointer: toPointer(follow(api.document, steps)),
    ...draft,
  };
}

/** What is wrong with a specification, one sentence for each complaint. */
type Complaints = (specification: OpenApiDocument) => Promise<readonly string[]> | readonly string[];

/**
 * A check that looks at specifications alone. What it has to complain of a mutant's specification kills the mutant; one that
 * the specification does not show survives.
 * @throws Problem if it complains of the specification as it is.
 */
export async function specificationCheck(
  name: string,
  specification: OpenApiDocument,
  complaints: Complaints,
): Promise<MutantCheck> {
  const [complaint] = await complaints(specification);
  if (complaint !== undefined) {
    throw new Problem({
      code: 'baseline_failing',
      what: `The specification as it is does not pass ${name}, so that no mutant of it can be judged.`,
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
 * The contracts, played by Pact's own verifier to a provider that answers as it did when it was recorded, but for the mutant's
 * change. Interactions whose answers the mutant leaves as they were are not played again.
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
        if (!contract || !interaction) continue;
        using urls = relay.begin({
          changeState: async (body) => stateChanged(200, exchange.states.get(body.toString())),
          send: async () => toRelay(answer),
        });
        const mismatches = await verifiers.play(contract, interaction, urls);
        if (!mismatches) throw unplayable(exchange);
        if (mismatches.length > 0) return { result: 'killed', by: exchange.interaction };
      }
      return { result: 'survived' };
    },
  };
}

/** To take this for a kill would make every broken verifier a strong contract. */
function unplayable({ contract, interaction }: RecordedExchange): Problem {
  return new Problem({
    code: 'baseline_failing',
    what: "Pact's verifier could not play an interaction to a mutant.",
    facts: { contract, interaction },
    remedy: 'Run this again; if it stays so, look at the request of the interaction in the contract.',
  });
}
