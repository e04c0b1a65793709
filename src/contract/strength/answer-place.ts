import type { Operation } from '../../spec/operation.ts';

/** An answer that the specification documents. */
export interface AnswerPlace {
  readonly operation: Operation;
  /** `200`, `4XX` or `default`. */
  readonly status: string;
  /** The keys that lead to it in the specification. */
  readonly steps: readonly string[];
  /** The first JSON media type, else the first of all; undefined where it has no body. */
  readonly mediaType: string | undefined;
  /** The keys that lead to the schema of a JSON body. */
  readonly schema: readonly string[] | undefined;
  /** The headers that it documents. */
  readonly headers: readonly string[];
}

export function isSuccess({ status }: Pick<AnswerPlace, 'status'>): boolean {
  return status.startsWith('2');
}

/** The documented status that an answer's status falls under: itself, `4XX` or `default`. */
export function documentedStatus(statuses: readonly string[], status: number): string | undefined {
  const range = `${String(status)[0]}XX`;
  return [String(status), range, range.toLowerCase(), 'default'].find((each) => statuses.includes(each));
}
