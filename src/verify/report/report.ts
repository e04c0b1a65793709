import type { AnswerCoverage } from '../coverage.ts';
import type { StrengthSummary } from '../mutation/summary.ts';
import { gravestFirst, type CheckName, type VerdictResult, type Verdict } from '../verdict.ts';

/** No verdict holds a secret or a value of a live provider's answer. */
export interface Report {
  spec: string;
  /** `the mock`, or the URL of the provider. */
  provider: string;
  contracts: readonly string[];
  /** A sentence on what was used. */
  used: string;
  milliseconds: number;
  verdicts: readonly Verdict[];
  coverage: readonly AnswerCoverage[];
  strength?: StrengthSummary;
}

export interface Row {
  group: string;
  name: string;
  cells: Partial<Record<CheckName, { result: VerdictResult; count: number }>>;
  verdicts: Verdict[];
}

const checks: readonly CheckName[] = ['weakening', 'lint', 'guarantee', 'provider', 'conformance'];

/** One row for each interaction and each operation, by group, else in the order of the verdicts. */
export function matrixOf(verdicts: readonly Verdict[]): Row[] {
  const rows = new Map<string, Row>();
  for (const verdict of verdicts) {
    const { net, result, contract, interaction, operation } = verdict;
    const group = contract ?? 'specification';
    const name = interaction ?? operation ?? 'as a whole';
    const row = rows.get(`${group}\n${name}`) ?? { group, name, cells: {}, verdicts: [] };
    const known = row.cells[net];
    const worst = known && gravestFirst.indexOf(known.result) < gravestFirst.indexOf(result) ? known.result : result;
    row.cells[net] = { result: worst, count: (known?.count ?? 0) + 1 };
    row.verdicts.push(verdict);
    rows.set(`${group}\n${name}`, row);
  }
  const groups = new Set([...rows.values()].map(({ group }) => group));
  return [...groups].flatMap((name) => [...rows.values()].filter(({ group }) => group === name));
}

export function checksOf(verdicts: readonly Verdict[]): CheckName[] {
  return checks.filter((check) => verdicts.some(({ net }) => net === check));
}

export function countResults(verdicts: readonly Verdict[]): Record<VerdictResult, number> {
  const count = (result: VerdictResult): number => verdicts.filter((verdict) => verdict.result === result).length;
  const [broken, unanswered, holds] = [count('broken'), count('unanswered'), count('holds')];
  return { broken, unanswered, 'not verifiable': count('not verifiable'), holds };
}

function describeCounts(verdicts: readonly Verdict[]): string {
  const { broken, unanswered, 'not verifiable': unverifiable, holds } = countResults(verdicts);
  const rest = { broken, unanswered, 'not verifiable here': unverifiable };
  const words = Object.entries(rest).flatMap(([word, count]) => (count > 0 ? [`${count} ${word}`] : []));
  return [`${holds} hold`, ...words].join(', ');
}

export function describeReport({ spec, provider, contracts, verdicts, milliseconds }: Report): string {
  const seconds = (milliseconds / 1000).toFixed(1);
  const many = `${contracts.length} contract${contracts.length === 1 ? '' : 's'}`;
  return `${many}, ${spec}, ${provider}: ${describeCounts(verdicts)}, in ${seconds} s.`;
}

export function describeCoverage({ coverage }: Report): string {
  const fields = coverage.flatMap((answer) => answer.fields);
  const answers = coverage.filter(({ interactions }) => interactions.length > 0).length;
  const places = fields.filter(({ expected }) => expected).length;
  return `The contracts look at ${answers} of ${coverage.length} documented answers and ${places} of ${fields.length} places in them.`;
}

export function whereOf({ contract, interaction, operation, place, pointer }: Verdict): string {
  const where = interaction === undefined ? (operation ?? contract) : `${contract ?? ''}: ${interaction}`;
  return [where, place, pointer].filter((each) => each !== undefined && each !== '').join(', ');
}
