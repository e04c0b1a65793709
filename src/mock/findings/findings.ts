import type { ClientRule } from '../../openapi/api.ts';
import { inWordsOf, type AccountWord } from '../clinics/account.ts';
import type { Clock } from '../state/clock.ts';
import type { Schedule } from '../state/environment.ts';
import { rules, type FindingRule } from './rules.ts';
import type { Seen, Severity, Sighting, Watch } from './watches.ts';

interface Parts {
  /** What the specification says of each requirement. */
  said: ReadonlyMap<string, ClientRule>;
  word: AccountWord;
  /** Of a token, in seconds. */
  lifetime: number;
  clock: Clock;
  schedule: Schedule;
  tell: (finding: Finding) => void;
}

/** The rules that the clients of a sandbox violate. */
export class Findings {
  readonly #parts: Parts;
  /** When to look for overdue retries, in milliseconds since 1970. */
  #due = Infinity;
  #cancel = (): void => {};
  #watches: { rule: FindingRule; watch: Watch }[] = [];
  #findings = new Map<string, Finding>();
  /** Of each finding, the last request that shows it. */
  readonly #latest = new Map<string, Latest>();

  /** @internal */
  constructor(parts: Parts) {
    this.#parts = parts;
    this.clear();
  }

  /** @internal Only the mock writes. */
  see(request: Seen): void {
    for (const { rule, watch } of this.#watches) {
      const sighting = watch.see(request);
      if (sighting) this.#add(rule, sighting);
    }
    this.#lookForOverdue();
  }

  /** The findings so far, the most severe first. */
  list(): Finding[] {
    this.#lookForOverdue();
    return inOrder(this.#findings.values());
  }

  /** @internal The findings so far, each with the last request that shows it. */
  *withLatest(): Iterable<{ finding: Finding; latest: Latest }> {
    for (const finding of this.list()) {
      const latest = this.#latest.get(keyOf(finding));
      if (latest) yield { finding, latest };
    }
  }

  /** The findings at the end of a test: a call that still waits for a retry counts as not retried. */
  conclude(): Finding[] {
    this.#lookForOverdue(Infinity);
    return this.list();
  }

  /** @internal The findings as they would be if the test ended now, which it does not. */
  asIfEnded(): Finding[] {
    const before = new Map(this.list().map((finding) => [keyOf(finding), finding]));
    for (const { rule, watch } of this.#watches)
      for (const sighting of watch.waiting?.() ?? []) this.#merge(before, rule, sighting);
    return inOrder(before.values());
  }

  /** Forgets all findings, and starts again. */
  clear(): void {
    this.end();
    this.#watches = rules.map((rule) => ({ rule, watch: rule.begin(this.#parts.lifetime) }));
    this.#findings.clear();
    this.#latest.clear();
  }

  /** @internal Stops waiting for retries. */
  end(): void {
    this.#lookAt(Infinity);
  }

  #lookForOverdue(now = this.#parts.clock.now()): void {
    const { moves } = this.#parts.clock;
    let due = Infinity;
    for (const { rule, watch } of this.#watches) {
      if (!watch.overdue) continue;
      for (const sighting of watch.overdue(now, moves)) this.#add(rule, sighting);
      due = Math.min(due, watch.due?.(moves) ?? Infinity);
    }
    this.#lookAt(due);
  }

  #lookAt(due: number): void {
    if (due === this.#due) return;
    this.#cancel();
    this.#due = due;
    if (due === Infinity) return;
    // Timers run for at most 24.8 days; a later look is tried again after an hour.
    const wait = Math.min(Math.max(due - this.#parts.clock.now(), 0) + 1, 3_600_000);
    this.#cancel = this.#parts.schedule(() => {
      this.#due = Infinity;
      this.#lookForOverdue();
    }, wait);
  }

  #add(rule: FindingRule, sighting: Sighting): void {
    const { isNew, finding } = this.#merge(this.#findings, rule, sighting);
    const last = sighting.requests.at(-1);
    if (last) this.#latest.set(keyOf(finding), { id: last.id, time: last.ended });
    if (isNew) this.#parts.tell({ ...finding });
  }

  #merge(all: Map<string, Finding>, rule: FindingRule, sighting: Sighting): { isNew: boolean; finding: Finding } {
    const { said, word } = this.#parts;
    const finding = firstSeen(rule, sighting, word, said.get(rule.requirement)?.source);
    const key = keyOf(finding);
    const known = all.get(key);
    all.set(key, known ? seenAgain(known, finding) : finding);
    return { isNew: !known, finding };
  }
}

/** A journal's entry: its id and its time, in milliseconds since 1970 on the mock's clock. */
type Latest = Record<'id' | 'time', number>;

function keyOf({ id, clientId, operationId }: Finding): string {
  return JSON.stringify([id, clientId, operationId]);
}

function inOrder(findings: Iterable<Finding>): Finding[] {
  return [...findings].toSorted((a, b) => weight[b.severity] - weight[a.severity]);
}

/** A violation of the rules of the API by an integration. */
export interface Finding {
  /** The rule, such as `token-not-cached`. */
  id: string;
  severity: Severity;
  /** What was seen. */
  message: string;
  /** What to do instead. */
  remedy: string;
  /** The source of the rule. */
  source: string;
  clientId: string | undefined;
  operationId: string | undefined;
  times: number;
  /** Journal entries of the first sightings, at most 20. */
  entries: number[];
}

const weight: Record<Severity, number> = { info: 0, warn: 1, error: 2 };

function firstSeen(
  rule: FindingRule,
  { requests, severity = rule.severity }: Sighting,
  word: AccountWord,
  said?: string,
): Finding {
  const { id } = rule;
  const [message = '', remedy = ''] = [rule.message, rule.remedy].map((sentence) => inWordsOf(word, sentence));
  const { clientId, operationId } = requests.at(-1) ?? {};
  const source = said === undefined ? rule.source : `${said} (${rule.source})`;
  const entries = requests.map((request) => request.id);
  return { id, severity, message, remedy, source, clientId, operationId, times: 1, entries };
}

function seenAgain(known: Finding, { severity, entries }: Finding): Finding {
  return {
    ...known,
    times: known.times + 1,
    severity: weight[severity] > weight[known.severity] ? severity : known.severity,
    entries: [...new Set([...known.entries, ...entries])].slice(0, 20),
  };
}
