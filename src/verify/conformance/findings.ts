import type { VerdictResult, Verdict } from '../verdict.ts';

export interface ConformanceFinding {
  operation: string;
  rule: string;
  result: VerdictResult;
  pointer?: string | undefined;
  place?: string | undefined;
  /** Tells apart what one rule tries in several ways. */
  way?: string;
  sentence: string;
}

/** Which result counts when the same thing was tried more than once. */
const order: readonly VerdictResult[] = ['broken', 'unanswered', 'holds', 'not verifiable'];

/** Merges the findings of many requests into one verdict for each rule and place. */
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
