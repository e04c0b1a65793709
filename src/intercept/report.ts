import type { Finding } from '../mock/findings/finding.ts';
import type { JournalEntry } from '../mock/state/journal.ts';

/** What a program asked of the mock while it ran. Holds no secret and no token: neither does the journal. */
export interface Summary {
  /** Name of the program, without its arguments, which may hold a secret. */
  command: string;
  exitCode: number;
  /** How long it ran. */
  milliseconds: number;
  /** The hosts that were played. */
  hosts: readonly string[];
  /** How many requests came to the mock. */
  requests: number;
  /** How many of them the journal no longer held at the end; they are in none of the figures below. */
  dropped: number;
  operations: OperationSummary[];
  /** Other hosts that were asked for, and refused. */
  refused: { host: string; times: number }[];
  findings: readonly Finding[];
}

/** The requests of one operation, or of one path that is none. */
export interface OperationSummary {
  /** The operation id, or the method and the path. */
  operation: string;
  requests: number;
  /** Status to how often it was answered; `none` where the connection ended before. */
  statuses: Record<string, number>;
  /** What the requests violated, each sentence once. */
  violations: string[];
}

/** @param entries of the journal. */
export function summarizeOperations(entries: readonly JournalEntry[]): OperationSummary[] {
  const operations = new Map<string, OperationSummary>();
  for (const { operationId, method, path, status, violations = [] } of entries) {
    const operation = operationId ?? `${method} ${path}`;
    const known = operations.get(operation) ?? { operation, requests: 0, statuses: {}, violations: [] };
    const answered = String(status ?? 'none');
    operations.set(operation, {
      operation,
      requests: known.requests + 1,
      statuses: { ...known.statuses, [answered]: (known.statuses[answered] ?? 0) + 1 },
      violations: [...new Set([...known.violations, ...violations])],
    });
  }
  return [...operations.values()];
}
