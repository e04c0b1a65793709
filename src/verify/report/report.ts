import type { AnswerCoverage } from '../coverage.ts';
import type { StrengthSummary } from '../mutation/summary.ts';
import { gravestFirst, type CheckName, type VerdictResult, type Verdict } from '../verdict.ts';
import { counted } from '../../util/terminal.ts';

/** What the run was, so that a report can be told from another and made again. */
export interface RunFacts {
  /** ISO 8601. */
  date: string;
  /** Of arzamed-devkit. */
  version: string;
  /** Of the Git repository that it ran in, if any. */
  commit?: string;
  /** Without secrets. */
  command: string;
}

/** No verdict holds a secret or a value of a live provider's answer. */
export interface Report {
  spec: string;
  /** `the mock`, or the URL of the provider. */
  provider: string;
  contracts: readonly string[];
  /** A sentence on what was used. */
  used: string;
  run: RunFacts;
  milliseconds: number;
  verdicts: readonly Verdict[];
  coverage: readonly AnswerCoverage[];
  strength?: StrengthSummary;
}

export interface Row {
  group: string;
  name: string;
  /** The gravest result of each check, in a word, and how many verdicts have it. */
  cells: Partial<Record<CheckName, { result: VerdictResult; word: string; count: number }>>;
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
    const [rank, knownRank] = [gravestFirst.indexOf(result), known ? gravestFirst.indexOf(known.result) : Infinity];
    const word = wordFor(verdict);
    if (!known || rank < knownRank) row.cells[net] = { result, word, count: 1 };
    else if (rank === knownRank) {
      // What was excused is no word for what was not.
      row.cells[net] = { result, word: known.word === word ? word : words[result], count: known.count + 1 };
    }
    row.verdicts.push(verdict);
    rows.set(`${group}\n${name}`, row);
  }
  const groups = new Set([...rows.values()].map(({ group }) => group));
  return [...groups].flatMap((name) => [...rows.values()].filter(({ group }) => group === name));
}

export function checksOf(verdicts: readonly Verdict[]): CheckName[] {
  return checks.filter((check) => verdicts.some(({ net }) => net === check));
}

function countResults(verdicts: readonly Verdict[]): Record<VerdictResult, number> {
  const count = (result: VerdictResult): number => verdicts.filter((verdict) => verdict.result === result).length;
  const [broken, unanswered, holds] = [count('broken'), count('unanswered'), count('holds')];
  return { broken, unanswered, 'not verifiable': count('not verifiable'), holds };
}

/** The one word of every report for each result. */
export const words: Readonly<Record<VerdictResult, string>> = {
  holds: 'holds',
  broken: 'broken',
  unanswered: 'no answer',
  'not verifiable': 'not verifiable',
};

function wordFor({ result, excused }: Verdict): string {
  return excused ?? words[result];
}

export const legend: Readonly<Record<string, string>> = {
  holds: 'tried or proved, and right',
  broken: 'tried or disproved, and wrong; exit code 1',
  'no answer': 'the provider could not be reached; exit code 2',
  'not verifiable': 'could not be tried or decided here; exit code 1 with --strict',
  pending: 'of a pending interaction; it would be broken, and does not count',
  accepted: 'broken, and accepted with a reason',
};

/** What to do about what a check finds. */
export const remedies: Readonly<Record<CheckName, string>> = {
  weakening: 'Restore what the contract required, or allow the weakening with a reason.',
  lint: 'Correct the specification where the pointer says.',
  guarantee: 'Loosen the contract, or have the specification promise what it needs.',
  provider: 'Correct the provider, or the contract where it demands too much.',
  conformance: 'Correct the provider or the specification, or accept the finding with a reason.',
};

/** One cause: what does not hold, and all the places where it was seen. */
export interface Cause extends Pick<Verdict, 'net' | 'result' | 'rule' | 'sentence'> {
  word: string;
  places: string[];
  remedy: string;
}

/** What does not hold, by interaction, status before headers before body; what was seen in several places is one cause. */
export function causesOf(verdicts: readonly Verdict[]): Cause[] {
  const ordered = matrixOf(verdicts).flatMap((row) => row.verdicts.toSorted((a, b) => rankOf(a) - rankOf(b)));
  const causes = new Map<string, Cause>();
  for (const verdict of ordered) {
    const { net, result, rule, sentence, pointer } = verdict;
    if (result === 'holds') continue;
    const key = JSON.stringify([net, result, rule, sentence, pointer]);
    const cause = causes.get(key);
    const word = wordFor(verdict);
    if (cause) cause.places.push(whereOf(verdict));
    else causes.set(key, { net, result, rule, sentence, word, places: [whereOf(verdict)], remedy: remedies[net] });
  }
  return [...causes.values()];
}

/** Checks in their order, and of each what comes first in an interaction. */
function rankOf({ net, place = '' }: Verdict): number {
  const parts = ['$.request', '$.response.status', '$.response.headers', '$.response.body'];
  return (
    checks.indexOf(net) * 10 +
    Math.max(
      0,
      parts.findIndex((part) => place.startsWith(part)),
    )
  );
}

function describeCounts(verdicts: readonly Verdict[]): string {
  const counts = Object.entries(countWords(verdicts)).filter(([word]) => word !== 'holds');
  const { holds } = countResults(verdicts);
  return [`${holds} hold`, ...counts.map(([word, count]) => `${count} ${word}`)].join(', ');
}

/** How many verdicts have each word, the gravest first. */
export function countWords(verdicts: readonly Verdict[]): Record<string, number> {
  const counts: Record<string, number> = {};
  const sorted = verdicts.toSorted((a, b) => gravestFirst.indexOf(a.result) - gravestFirst.indexOf(b.result));
  for (const verdict of sorted) counts[wordFor(verdict)] = (counts[wordFor(verdict)] ?? 0) + 1;
  return counts;
}

/** The words of a report that need a line, with what they mean. */
export function legendOf(verdicts: readonly Verdict[]): [word: string, meaning: string][] {
  return Object.keys(countWords(verdicts)).map((word) => [word, legend[word] ?? '']);
}

export function describeRun({ run: { date, version, commit, command } }: Report): string {
  const at = commit === undefined ? '' : ` at commit ${commit}`;
  return `${command}, on ${date}${at}, arzamed-devkit ${version}.`;
}

export function describeReport({ spec, provider, contracts, verdicts, milliseconds }: Report): string {
  const seconds = (milliseconds / 1000).toFixed(1);
  const many = counted(contracts.length, 'contract');
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
  return [where, place, pointer].filter((each) => each !== undefined && each !== '').join(', ') || 'as a whole';
}
