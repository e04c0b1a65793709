import type { CheckName, Verdict } from '../verdict.ts';
import { listReader, notBlank } from './reasons.ts';

/** Findings that were reviewed and are left as they are: those that have all that the entry names. */
export interface AcceptedFinding {
  net: CheckName;
  rule: string;
  contract?: string;
  interaction?: string;
  operation?: string;
  place?: string;
  pointer?: string;
  reason: string;
}

const checks = ['lint', 'guarantee', 'provider', 'conformance'] satisfies CheckName[];

/** @throws Problem if a file is not JSON, or not a list of entries with a check, a rule and a reason. */
export const readAcceptedFindings = listReader<AcceptedFinding>('accepted findings', {
  type: 'object',
  properties: {
    net: { enum: checks },
    rule: notBlank,
    contract: notBlank,
    interaction: notBlank,
    operation: notBlank,
    place: notBlank,
    pointer: notBlank,
    reason: notBlank,
  },
  required: ['net', 'rule', 'reason'],
  additionalProperties: false,
});

/**
 * Excuses the findings that are accepted, and says which entries accept nothing: they are broken.
 * @param file of the entries, as the user named it.
 */
export function acceptFindings(
  verdicts: readonly Verdict[],
  entries: readonly AcceptedFinding[],
  file: string,
): Verdict[] {
  const used = new Set<AcceptedFinding>();
  const judged = verdicts.map((verdict): Verdict => {
    const entry = verdict.result === 'broken' ? entries.find((each) => covers(each, verdict)) : undefined;
    if (!entry) return verdict;
    used.add(entry);
    const sentence = `${verdict.sentence} Accepted: ${entry.reason}`;
    return { ...verdict, result: 'not verifiable', excused: 'accepted', sentence };
  });
  // Without an answer, it is unknown whether the finding is still there.
  const silent = new Set(verdicts.flatMap(({ net, result }) => (result === 'unanswered' ? [net] : [])));
  const stale = entries.filter((entry) => !used.has(entry) && !silent.has(entry.net));
  return [...judged, ...stale.map((entry): Verdict => staleEntry(entry, entries.indexOf(entry), file))];
}

function staleEntry({ net }: AcceptedFinding, index: number, file: string): Verdict {
  const sentence = `This entry in ${file} matches no finding: correct or remove it.`;
  return { net, contract: file, place: `$[${index}]`, rule: 'allowance', result: 'broken', sentence };
}

function covers({ reason: _reason, ...named }: AcceptedFinding, verdict: Verdict): boolean {
  return Object.entries(named).every(([name, value]) => Reflect.get(verdict, name) === value);
}
