import { diffSpecifications } from '../../diff/diff.ts';
import type { Api } from '../../openapi/api.ts';
import type { OpenApiDocument } from '../../openapi/document.ts';
import { follow } from '../../openapi/look-up.ts';
import type { Contract } from '../../pact/model.ts';
import { Problem } from '../../util/errors.ts';
import { toPointer } from '../../util/json.ts';
import { checkGuarantees } from '../guarantee/check-guarantees.ts';
import type { PactFile } from '../provider/verify-provider.ts';
import { affected, measure, type Outcome } from './measure.ts';
import type { Answer, Draft, Exchange, Judgement, Mutant, Net, Operator } from './mutant.ts';
import { operators as allOperators } from './operators/operators.ts';
import { record, Stage, Troupe, type FaithfulProvider } from './replay.ts';
import { subjectOf, type Subject } from './targets.ts';

interface StrengthOptions {
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

interface ContractStrengthOptions {
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

/** The mutants of a specification: every operator at every place where it makes sense, each a single change. */
export function mutantsOf(subject: Subject, operators: readonly Operator[] = allOperators): Mutant[] {
  return operators.flatMap((operator) => operator.mutate(subject).map((draft) => toMutant(subject, operator, draft)));
}

function toMutant({ api }: Subject, { name, expected }: Operator, { steps, ...draft }: Draft): Mutant {
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
 * A net that looks at specifications alone. What it has to complain of a mutant's specification kills the mutant; one that
 * the specification does not show survives.
 * @throws Problem if it complains of the specification as it is.
 */
export async function specificationNet(
  name: string,
  specification: OpenApiDocument,
  complaints: Complaints,
): Promise<Net> {
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
 * The contracts, held by Pact's own verifier to a provider that answers as it did when it was recorded, but for the mutant's
 * change. Interactions whose answers the mutant leaves as they were are not played again.
 */
function pactNet(contracts: readonly PactFile[], exchanges: readonly Exchange[], stage: Stage, troupe: Troupe): Net {
  return { name: 'pact', judge: (mutant) => judge(affected(exchanges, mutant)) };

  async function judge(plays: readonly { exchange: Exchange; answer: Answer }[]): Promise<Judgement> {
    for (const { exchange, answer } of plays) {
      const contract = contracts.find(({ file }) => file === exchange.contract);
      if (!contract) continue;
      using play = stage.begin({
        changeState: (body) => exchange.states.get(body) ?? '{}',
        answer: () => answer,
      });
      const mismatches = await troupe.play(contract, exchange.index, play);
      if (!mismatches) throw unplayable(exchange);
      if (mismatches.length > 0) return { result: 'killed', by: exchange.interaction };
    }
    return { result: 'survived' };
  }
}

/** To take this for a kill would make every broken verifier a strong contract. */
function unplayable({ contract, interaction }: Exchange): Problem {
  return new Problem({
    code: 'baseline_failing',
    what: "Pact's verifier could not play an interaction to a mutant.",
    facts: { contract, interaction },
    remedy: 'Run this again; if it stays so, look at the request of the interaction in the contract.',
  });
}
