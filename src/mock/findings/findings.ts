import type { Clock } from '../state/clock.ts';
import type { Schedule } from '../state/environment.ts';
import { rules, type ClientRule, type Seen, type Severity, type Sighting, type Watch } from './rules.ts';

interface Parts {
  /** Rule to what the specification says of it. */
  said: ReadonlyMap<string, string>;
  /** Of a token, in seconds. */
  lifetime: number;
  clock: Clock;
  schedule: Schedule;
  /** Called with each finding once, when it is first seen. */
  tell: (finding: Finding) => void;
}

/** What the clients of a sandbox do wrong, as their requests show it. */
export class Findings {
  readonly #parts: Parts;
  readonly #alarm: Alarm;
  #watches: { rule: ClientRule; watch: Watch }[] = [];
  #findings = new Map<string, Finding>();

  /** @internal */
  constructor(parts: Parts) {
    this.#parts = parts;
    this.#alarm = new Alarm(
      () => parts.clock.now(),
      parts.schedule,
      () => this.#lookForOverdue(),
    );
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

  /** What was found so far, the gravest first. */
  list(): Finding[] {
    this.#lookForOverdue();
    return [...this.#findings.values()].toSorted((a, b) => weight[b.severity] - weight[a.severity]);
  }

  /** The same at the end of a test: a call that still waits for a retry counts as not retried. */
  conclude(): Finding[] {
    this.#lookForOverdue(Infinity);
    return this.list();
  }

  /** Forgets what was found, and begins again. */
  clear(): void {
    this.end();
    this.#watches = rules.map((rule) => ({ rule, watch: rule.begin(this.#parts.lifetime) }));
    this.#findings.clear();
  }

  /** @internal Nothing more will be told, unless another request comes. */
  end(): void {
    this.#alarm.set(Infinity);
  }

  #lookForOverdue(now = this.#parts.clock.now()): void {
    const { moves } = this.#parts.clock;
    for (const { rule, watch } of this.#watches) {
      for (const sighting of watch.overdue?.(now, moves) ?? []) this.#add(rule, sighting);
    }
    let due = Infinity;
    for (const { watch } of this.#watches) due = Math.min(due, watch.due?.(moves) ?? Infinity);
    this.#alarm.set(due);
  }

  #add(rule: ClientRule, sighting: Sighting): void {
    const finding = firstSeen(rule, sighting, this.#parts.said.get(rule.id));
    const key = JSON.stringify([rule.id, finding.clientId, finding.operationId]);
    const known = this.#findings.get(key);
    this.#findings.set(key, known ? seenAgain(known, finding) : finding);
    if (!known) this.#parts.tell({ ...finding });
  }
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
  /** Where the rule is said. */
  source: string;
  /** The client, if its key is known. */
  clientId: string | undefined;
  operationId: string | undefined;
  /** How often it was seen. */
  times: number;
  /** The ids of the journal's entries that show it: those of the first sightings. */
  entries: number[];
}

/** How many entries of the journal a finding names. */
const evidenceLimit = 20;

const weight: Record<Severity, number> = { info: 0, warn: 1, error: 2 };

/** @param said what the specification says of the rule. */
function firstSeen(rule: ClientRule, { requests, severity = rule.severity }: Sighting, said?: string): Finding {
  const { id, message, remedy } = rule;
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
    entries: [...new Set([...known.entries, ...entries])].slice(0, evidenceLimit),
  };
}

/** No timer of JavaScript runs for longer than 24.8 days; a later alarm looks again after an hour. */
const longest = 3_600_000;

/** Rings after the time for which it was set last. */
class Alarm {
  readonly #now: () => number;
  readonly #schedule: Schedule;
  readonly #ring: () => void;
  #due = Infinity;
  #callOff = (): void => {};

  /** @param now milliseconds since 1970. */
  constructor(now: () => number, schedule: Schedule, ring: () => void) {
    this.#now = now;
    this.#schedule = schedule;
    this.#ring = ring;
  }

  /** @param due milliseconds since 1970; Infinity for never. */
  set(due: number): void {
    if (due === this.#due) return;
    this.#callOff();
    this.#due = due;
    if (due === Infinity) return;
    const wait = Math.min(Math.max(due - this.#now(), 0) + 1, longest);
    this.#callOff = this.#schedule(() => {
      this.#due = Infinity;
      this.#ring();
    }, wait);
  }
}
