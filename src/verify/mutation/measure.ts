import { follow } from '../../openapi/look-up.ts';
import { documentedStatus } from '../../openapi/responses.ts';
import { entriesOf, parseJson, valueAt } from '../../util/json.ts';
import { essence } from '../../util/media-type.ts';
import type { RecordedResponse, RecordedExchange, MutantJudgement, Mutant, MutantCheck } from './mutant.ts';
import { isRequiredHeader, type AnswerPlace, type Subject } from './targets.ts';

/** Checks that see no contract. What they notice stands beside the score, and is no merit of the contracts. */
export const besideContracts: ReadonlySet<string> = new Set(['diff']);

/** What became of a mutant. */
export interface MutantOutcome {
  readonly mutant: Mutant;
  /** By name of the check. */
  readonly judgements: Readonly<Record<string, MutantJudgement>>;
  /**
   * `killed` by at least one check of the contracts, or `survived` all; `equivalent`: survived, and stays within the
   * specification.
   * Of controls: `accepted` by all checks, or `refused` by one.
   */
  readonly result: 'killed' | 'survived' | 'equivalent' | 'accepted' | 'refused';
  /** What would kill it, or make the checks accept it: one sentence. */
  readonly advice?: string;
}

export interface MeasureOptions {
  /** How many mutants are judged at the same time; 2 unless given. */
  parallel?: number;
  /** Asked before each mutant; once it says no, the rest is left out. */
  mayGoOn?: () => boolean;
  /** @param count of all mutants. */
  onOutcome?: (outcome: MutantOutcome, count: number) => void;
}

interface Judges {
  readonly subject: Subject;
  readonly exchanges: readonly RecordedExchange[];
  readonly checks: readonly MutantCheck[];
}

/** Shows each mutant to all checks. The outcomes are in the order of the mutants; fewer if `mayGoOn` stopped it. */
export async function measure(
  mutants: readonly Mutant[],
  judges: Judges,
  { parallel = 2, mayGoOn = () => true, onOutcome }: MeasureOptions,
): Promise<MutantOutcome[]> {
  const outcomes: MutantOutcome[] = [];
  const queue = mutants.entries();
  const work = async (): Promise<void> => {
    for (const [index, mutant] of queue) {
      if (!mayGoOn()) return;
      const outcome = await judge(judges, mutant);
      outcomes[index] = outcome;
      onOutcome?.(outcome, mutants.length);
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return outcomes.filter((outcome) => outcome !== undefined);
}

async function judge({ subject, exchanges, checks }: Judges, mutant: Mutant): Promise<MutantOutcome> {
  const said = await Promise.all(checks.map(async (check) => [check.name, await check.judge(mutant)] as const));
  const killers = said.filter(([, { result }]) => result === 'killed');
  const judgements = Object.fromEntries(said);
  const advice = adviceFor(mutant, exchanges);
  if (mutant.expected === 'accepted') {
    return killers.length > 0
      ? { mutant, judgements, result: 'refused', advice }
      : { mutant, judgements, result: 'accepted' };
  }
  if (killers.some(([name]) => !besideContracts.has(name))) return { mutant, judgements, result: 'killed' };
  if (isEquivalent(subject, exchanges, mutant)) return { mutant, judgements, result: 'equivalent' };
  return { mutant, judgements, result: 'survived', advice };
}

/** Whether the provider's specification stays, and its new answers conform to it. */
function isEquivalent(subject: Subject, exchanges: readonly RecordedExchange[], mutant: Mutant): boolean {
  if (mutant.specification) return false;
  const plays = affected([...exchanges, ...exampleExchanges(subject)], mutant);
  return plays.length > 0 && plays.every(({ exchange, answer }) => conforms(subject, exchange, answer));
}

function adviceFor({ operation, cure, expected }: Mutant, exchanges: readonly RecordedExchange[]): string {
  if (expected === 'accepted') return `Needed: ${cure}.`;
  const known = exchanges.some((exchange) => exchange.operation === operation);
  return known ? `Needed: ${cure}.` : `Needed: a first interaction with ${operation}, and ${cure}.`;
}

/** The exchanges whose answers a mutant changes, and what it makes of them. */
export function affected(
  exchanges: readonly RecordedExchange[],
  { change }: Pick<Mutant, 'change'>,
): { exchange: RecordedExchange; answer: RecordedResponse }[] {
  if (!change) return [];
  return exchanges
    .map((exchange) => ({ exchange, answer: change(exchange, exchanges) }))
    .filter(({ exchange, answer }) => JSON.stringify(answer) !== JSON.stringify(exchange.answer));
}

/** Whether the specification allows an answer: its status, headers, media type and body. */
function conforms({ api, answers }: Subject, { operation }: RecordedExchange, answer: RecordedResponse): boolean {
  const place = answers.find(
    (each) =>
      each.operation.id === operation && documentedStatus(each.operation.statuses, answer.status) === each.status,
  );
  if (!place) return false;
  const { document, schemas } = api;
  const missing = place.headers.some(
    (name) => isRequiredHeader(document, place, name) && !(name.toLowerCase() in answer.headers),
  );
  if (missing) return false;
  if (place.mediaType === undefined) return answer.body === '';
  if (essence(answer.headers['content-type'] ?? '') !== place.mediaType.toLowerCase()) return false;
  if (!place.schema) return true;
  const body = parseJson(answer.body);
  return body !== undefined && schemas.check(follow(document, place.schema), body).length === 0;
}

/** The answers that the specification gives as examples, as if a provider had given them. */
function exampleExchanges({ api: { document }, answers }: Subject): RecordedExchange[] {
  const read = (steps: readonly string[]): unknown => valueAt(document, follow(document, steps));
  return answers.flatMap((answer) => {
    const { mediaType, schema } = answer;
    if (!schema || mediaType === undefined) return [];
    const content = schema.slice(0, -1);
    const named = read([...content, 'examples']);
    const examples = [
      read([...content, 'example']),
      ...entriesOf(named).map(([name]) => read([...content, 'examples', name, 'value'])),
    ];
    return examples.filter((body) => body !== undefined).map((body) => toExchange(answer, mediaType, body));
  });
}

function toExchange({ operation, status, headers }: AnswerPlace, mediaType: string, body: unknown): RecordedExchange {
  const code = /^\d+$/.test(status) ? Number(status) : Number(status.replace(/^(\d).*/, '$100')) || 500;
  const named = Object.fromEntries(headers.map((name) => [name.toLowerCase(), 'example']));
  return {
    contract: '',
    index: 0,
    interaction: '',
    operation: operation.id,
    answer: { status: code, headers: { ...named, 'content-type': mediaType }, body: JSON.stringify(body) },
    states: new Map(),
  };
}
