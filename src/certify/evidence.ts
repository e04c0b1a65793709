import type { Finding } from '../mock/findings/findings.ts';
import type { JournalEntry } from '../mock/state/journal.ts';

/** How a run of the program, or of the command that triggers it, ended. */
export interface RunEnd {
  /** Its exit code; undefined if it was still running when the time of the scenario was over. */
  code: number | undefined;
  milliseconds: number;
  /** What it printed on stdout and stderr: the last million characters at most. */
  output: string;
}

/** What was seen of the program in one scenario. */
export interface Evidence {
  /** The id of the scenario. */
  scenario: string;
  /** Why it was not run. */
  skipped?: string | undefined;
  /** What kept us from running it, which says nothing of the program. */
  error?: string | undefined;
  /** The id of the operation that the scenario is about. */
  target: string;
  /** The ids of the operations that issue tokens. */
  tokenOperations: readonly string[];
  /** The requests to the mock, without secrets and tokens. */
  entries: readonly JournalEntry[];
  findings: readonly Finding[];
  ended: readonly RunEnd[];
  /** Whether the program printed a secret or a token. */
  printedSecret: boolean;
  /** The requests to the host that an answer redirected to. */
  elsewhere: readonly { carriedCredentials: boolean }[];
  /** Whether the program shows the texts of an answer, as its usual run tells. */
  showsTexts: boolean;
  /** The texts of the target's answer, in order. */
  texts: readonly string[];
}

/** The program's requests for the operation that the scenario is about. */
export function callsIn({ entries, target }: Evidence): JournalEntry[] {
  return entries.filter(({ operationId }) => operationId === target);
}

export function tokenRequestsIn({ entries, tokenOperations }: Evidence): JournalEntry[] {
  return entries.filter(({ operationId = '' }) => tokenOperations.includes(operationId));
}

/** Whether all runs of the program ended well. */
export function succeeded({ ended }: Evidence): boolean {
  return ended.length > 0 && ended.every(({ code }) => code === 0);
}

/** Whether the program was still running when its time was over. */
export function neverEnded({ ended }: Evidence): boolean {
  return ended.some(({ code }) => code === undefined);
}

/** How the program failed: `ended with 3`. */
export function describeEnd({ ended }: Evidence): string {
  const last = ended.find(({ code }) => code !== 0);
  return last?.code === undefined ? 'did not end in time' : `ended with ${last.code}`;
}
