import type { Rule, Severity, Sighting } from './rule.ts';

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

/** Puts the gravest first. */
export function byWeight(a: Finding, b: Finding): number {
  return weight[b.severity] - weight[a.severity];
}

/** @param said what the specification says of the rule. */
export function firstSeen(rule: Rule, { requests, severity = rule.severity }: Sighting, said?: string): Finding {
  const { id, message, remedy } = rule;
  const { clientId, operationId } = requests.at(-1) ?? {};
  const source = said === undefined ? rule.source : `${said} (${rule.source})`;
  const entries = requests.map((request) => request.id);
  return { id, severity, message, remedy, source, clientId, operationId, times: 1, entries };
}

/** What is known of a finding after it was seen once more. */
export function seenAgain(known: Finding, { severity, entries }: Finding): Finding {
  return {
    ...known,
    times: known.times + 1,
    severity: weight[severity] > weight[known.severity] ? severity : known.severity,
    entries: [...new Set([...known.entries, ...entries])].slice(0, evidenceLimit),
  };
}
