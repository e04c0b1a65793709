import type { Finding } from '../mock/findings/findings.ts';
import type { JournalEntry } from '../mock/state/journal.ts';

/** How a run of the program, or of the command that triggers it, ended. */
export interface RunEnd {
  /** Its exit code; undefined if it was still running when the time of the scenario was over. */
  code: number | undefined;
  milliseconds: number;
  /** What it printed on stdout and stderr: the last million bytes of each at most. */
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

/** The texts that an output lacks, however it writes them. */
export function lackingIn(output: string, texts: readonly string[]): string[] {
  return readings(output)
    .map((reading) => texts.filter((text) => !reading.includes(text.normalize())))
    .reduce((fewest, lacking) => (lacking.length < fewest.length ? lacking : fewest));
}

/** Whether texts stand in an output in their order; each may stand there several times. */
export function areInOrder(output: string, texts: readonly string[]): boolean {
  return readings(output).some((reading) => {
    let from = 0;
    return texts.every((text) => {
      const at = reading.indexOf(text.normalize(), from);
      from = at + text.length;
      return at !== -1;
    });
  });
}

const escapes = /\\(?:u([\da-f]{4})|U([\da-f]{8})|x([\da-f]{2})|(.))/g;
const references = /&(?:#x([\da-f]+)|#(\d+)|(amp|lt|gt|quot|apos));/gi;
const named = new Map(Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }));

/** An output as it is, as JSON or a literal of a language, as HTML or XML, and as CSV. */
function readings(output: string): string[] {
  const character = (digits: string, radix: number): string => {
    const code = Number.parseInt(digits, radix);
    return code > 0x10_ff_ff ? '' : String.fromCodePoint(code);
  };
  const unescaped = output.replaceAll(
    escapes,
    (_all, four?: string, eight?: string, two?: string, other: string = '') => {
      const digits = four ?? eight ?? two;
      return digits === undefined ? other : character(digits, 16);
    },
  );
  const dereferenced = output.replaceAll(references, (_all, hex?: string, decimal?: string, name: string = '') => {
    if (hex !== undefined) return character(hex, 16);
    return decimal === undefined ? (named.get(name.toLowerCase()) ?? '') : character(decimal, 10);
  });
  return [output, unescaped, dereferenced, output.replaceAll('""', '"')].map((reading) => reading.normalize());
}
