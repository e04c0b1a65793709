import type { VerdictResult, Verdict } from '../verdict.ts';

/** One thing that was tried. `holds` needs no sentence of its own. */
export interface ConformanceFinding {
  operation: string;
  rule: string;
  result: VerdictResult;
  pointer?: string | undefined;
  place?: string | undefined;
  /** What was tried, where one rule is tried in several ways that are to be told apart. */
  way?: string;
  sentence: string;
}

/** What counts when the same thing was tried more than once. */
const order: readonly VerdictResult[] = ['broken', 'unanswered', 'holds', 'not verifiable'];

/** Gathers what many requests found into one verdict for each rule and place. */
export class ConformanceFindings {
  readonly #found = new Map<string, ConformanceFinding & { count: number }>();

  add(finding: ConformanceFinding): void {
    const { operation, rule, pointer = '', place = '', way = '' } = finding;
    const key = JSON.stringify([operation, rule, pointer, place, way]);
    const known = this.#found.get(key);
    const worse = !known || order.indexOf(finding.result) < order.indexOf(known.result);
    this.#found.set(key, { ...(worse ? finding : known), count: (known?.count ?? 0) + 1 });
  }

  verdicts(): Verdict[] {
    return [...this.#found.values()].map(({ operation, rule, result, pointer, place, sentence, count }) => ({
      net: 'conformance',
      result,
      operation,
      rule,
      ...(pointer === undefined ? {} : { pointer }),
      ...(place === undefined ? {} : { place }),
      sentence: result === 'holds' && count > 1 ? `${sentence} (${count} requests)` : sentence,
    }));
  }
}
