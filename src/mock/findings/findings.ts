import type { Clock } from '../state/clock.ts';
import type { Schedule } from '../state/environment.ts';
import { Alarm } from './alarm.ts';
import { byWeight, firstSeen, seenAgain, type Finding } from './finding.ts';
import type { Rule, Seen, Sighting, Watch } from './rule.ts';
import { rules } from './rules.ts';

interface Parts {
  /** Rule to what the specification says of it. */
  said: ReadonlyMap<string, string>;
  /** Of a token, in seconds. */
  lifetime: number;
  clock: Clock;
  /** Comes back to a request after which nothing came. */
  schedule: Schedule;
  /** Is told of each finding once, when it is first seen. */
  tell: (finding: Finding) => void;
}

/** What the clients of a sandbox do wrong, told from their requests. */
export class Findings {
  readonly #parts: Parts;
  readonly #alarm: Alarm;
  #watches: { rule: Rule; watch: Watch }[] = [];
  #findings = new Map<string, Finding>();

  /** @internal */
  constructor(parts: Parts) {
    const { clock, schedule } = parts;
    this.#parts = parts;
    this.#alarm = new Alarm({ now: () => clock.now(), schedule, ring: () => this.#lookForOverdue() });
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
    return [...this.#findings.values()].toSorted(byWeight);
  }

  /** The same, where no more requests will come: what still waited for a retry has not got one. */
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

  #add(rule: Rule, sighting: Sighting): void {
    const finding = firstSeen(rule, sighting, this.#parts.said.get(rule.id));
    const key = JSON.stringify([rule.id, finding.clientId, finding.operationId]);
    const known = this.#findings.get(key);
    this.#findings.set(key, known ? seenAgain(known, finding) : finding);
    if (!known) this.#parts.tell({ ...finding });
  }
}
