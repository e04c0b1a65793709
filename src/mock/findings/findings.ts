import type { Rule, Seen, Severity, Sighting, Watch } from './rule.ts';
import { rules } from './rules.ts';

/** Something that an integration does against the rules of the API. */
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
  /** The key of the client that does it, if it is known. */
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

interface Parts {
  /** Rule to what the specification says of it. */
  said: ReadonlyMap<string, string>;
  /** Of a token, in seconds. */
  lifetime: number;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Is told of each finding once, when it is first seen. */
  tell: (finding: Finding) => void;
}

/** What the clients of a sandbox do wrong, told from their requests. */
export class Findings {
  readonly #parts: Parts;
  #watches: { rule: Rule; watch: Watch }[] = [];
  #findings = new Map<string, Finding>();

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
    this.#lookFor(this.#parts.now());
  }

  /** What was found so far, the gravest first. */
  list(): Finding[] {
    this.#lookFor(this.#parts.now());
    return [...this.#findings.values()].toSorted((a, b) => weight[b.severity] - weight[a.severity]);
  }

  /** The same, where no more requests will come: what still waited for a retry has not got one. */
  conclude(): Finding[] {
    this.#lookFor(Infinity);
    return this.list();
  }

  /** Forgets what was found, and begins again. */
  clear(): void {
    this.#watches = rules.map((rule) => ({ rule, watch: rule.begin(this.#parts.lifetime) }));
    this.#findings.clear();
  }

  #lookFor(now: number): void {
    for (const { rule, watch } of this.#watches) {
      for (const sighting of watch.overdue?.(now) ?? []) this.#add(rule, sighting);
    }
  }

  #add(rule: Rule, { requests, severity = rule.severity }: Sighting): void {
    const { clientId, operationId } = requests.at(-1) ?? {};
    const id = JSON.stringify([rule.id, clientId, operationId]);
    const ids = requests.map((request) => request.id);
    const known = this.#findings.get(id);
    if (known) {
      known.times += 1;
      if (weight[severity] > weight[known.severity]) known.severity = severity;
      known.entries = [...new Set([...known.entries, ...ids])].slice(0, evidenceLimit);
      return;
    }
    const said = this.#parts.said.get(rule.id);
    const source = said === undefined ? rule.source : `${said} (${rule.source})`;
    const { message, remedy } = rule;
    const finding = { id: rule.id, severity, message, remedy, source, clientId, operationId, times: 1, entries: ids };
    this.#findings.set(id, finding);
    this.#parts.tell({ ...finding });
  }
}
