import { affected } from '../../contract/strength/affected.ts';
import { conforms } from '../../contract/strength/conforms.ts';
import { exampleExchanges } from '../../contract/strength/examples.ts';
import type { Exchange } from '../../contract/strength/exchange.ts';
import type { Mutant } from './mutant.ts';
import type { Judgement, Net } from '../../contract/strength/net.ts';
import type { Subject } from './targets.ts';

/** What became of a mutant. */
export interface Outcome {
  readonly mutant: Mutant;
  /** By name of the net. */
  readonly judgements: Readonly<Record<string, Judgement>>;
  /**
   * `killed` by one net at least, or `survived` all; `equivalent`: survived, and does nothing that the specification does not
   * allow. Of controls: `accepted` by all nets, or `refused` by one.
   */
  readonly result: 'killed' | 'survived' | 'equivalent' | 'accepted' | 'refused';
  /** What would kill it, or have it accepted: one sentence. */
  readonly advice?: string;
}

export interface MeasureOptions {
  readonly subject: Subject;
  readonly exchanges: readonly Exchange[];
  readonly mutants: readonly Mutant[];
  readonly nets: readonly Net[];
  /** How many mutants are judged at the same time. */
  readonly parallel?: number;
  /** Asked before each mutant; once it says no, the rest is left out. */
  readonly mayGoOn?: () => boolean;
  readonly onOutcome?: (outcome: Outcome) => void;
}

/** Shows each mutant to all nets. The outcomes are in the order of the mutants; there are fewer where time ran out. */
export async function measure(options: MeasureOptions): Promise<Outcome[]> {
  const { mutants, parallel = 2, mayGoOn = () => true, onOutcome } = options;
  const outcomes: Outcome[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < mutants.length && mayGoOn(); index = next++) {
      const mutant = mutants[index];
      if (!mutant) continue;
      const outcome = await judge(options, mutant);
      outcomes[index] = outcome;
      onOutcome?.(outcome);
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return outcomes.filter((outcome) => outcome !== undefined);
}

async function judge({ subject, exchanges, nets }: MeasureOptions, mutant: Mutant): Promise<Outcome> {
  const said = await Promise.all(nets.map(async (net) => [net.name, await net.judge(mutant)] as const));
  const killed = said.some(([, { result }]) => result === 'killed');
  const judgements = Object.fromEntries(said);
  const advice = adviceFor(mutant, exchanges);
  if (mutant.expected === 'accepted') {
    return killed ? { mutant, judgements, result: 'refused', advice } : { mutant, judgements, result: 'accepted' };
  }
  if (killed) return { mutant, judgements, result: 'killed' };
  if (isEquivalent(subject, exchanges, mutant)) return { mutant, judgements, result: 'equivalent' };
  return { mutant, judgements, result: 'survived', advice };
}

/** A provider that says nothing new of itself, and answers as the specification allowed before. */
function isEquivalent(subject: Subject, exchanges: readonly Exchange[], mutant: Mutant): boolean {
  if (mutant.specification) return false;
  const plays = affected([...exchanges, ...exampleExchanges(subject)], mutant);
  return plays.length > 0 && plays.every(({ exchange, answer }) => conforms(subject, exchange, answer));
}

function adviceFor({ operation, cure, expected }: Mutant, exchanges: readonly Exchange[]): string {
  if (expected === 'accepted') return `Needed: ${cure}.`;
  const known = exchanges.some((exchange) => exchange.operation === operation);
  return known ? `Needed: ${cure}.` : `Needed: a first interaction with ${operation}, and ${cure}.`;
}
