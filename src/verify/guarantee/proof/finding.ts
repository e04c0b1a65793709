import type { VerdictResult } from '../../verdict.ts';

/** What is proved of one rule at one place of a contract. */
export interface Finding {
  result: Extract<VerdictResult, 'holds' | 'broken' | 'not verifiable'>;
  place: string;
  /** Where in the specification, as a JSON pointer. */
  pointer?: string;
  rule: string;
  sentence: string;
}

/** A value within a sentence, cut where it is long. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
