import type { Answered } from '../answered.ts';

/** `info`: the mock was made to provoke it; `warn`: it harms the service or will fail some day; `error`: it must not be. */
export type Severity = 'info' | 'warn' | 'error';

/** A request as the rules see it. */
export interface Seen extends Answered {
  /** That of its entry in the journal. */
  id: number;
  /** When the request came and when it was answered, on the mock's clock, in milliseconds since 1970. */
  began: number;
  ended: number;
  /** The same on a clock that nobody can set, fine enough to tell calls at the same time from calls in turn. */
  ticks: { began: number; ended: number };
  /** The connection on which the request came; the same object for all of one. */
  connection: object;
  /** Whether the operation issues tokens. */
  issuesTokens: boolean;
  /** How often the clock was set, and a key changed, until then: what a client cannot have foreseen. */
  clockMoves: number;
  keyChanges: number;
}

/** Requests that go against a rule. */
export interface Sighting {
  /** The evidence, oldest first. The last one tells the client and the operation. */
  requests: Seen[];
  /** Where it is another than the rule's. */
  severity?: Severity;
}

/** Looks at the requests of a sandbox, one after the other. */
export interface Watch {
  see: (request: Seen) => Sighting | undefined;
  /**
   * What has become certain because nothing more came.
   * @param now milliseconds since 1970; Infinity where nothing more will come.
   * @param clockMoves how often the clock has been set until now.
   */
  overdue?: (now: number, clockMoves: number) => Sighting[];
  /** After which time `overdue` has something to say, if nothing comes until then: milliseconds since 1970. */
  due?: (clockMoves: number) => number;
}

/** Something that an integration must not do, whatever the API. */
export interface Rule {
  id: string;
  severity: Severity;
  /** What was seen. */
  message: string;
  /** What to do instead. */
  remedy: string;
  /** Where it is said, beside what the specification says of its own. */
  source: string;
  /** @param lifetime of a token, in seconds. */
  begin: (lifetime: number) => Watch;
}

/** A watch that needs to know of nothing but the request itself. */
export function each(isWrong: (request: Seen) => boolean): () => Watch {
  return () => ({ see: (request) => (isWrong(request) ? { requests: [request] } : undefined) });
}

/** Who called what: retries are told by it. */
export function callerOf({ clientId, clinic, operationId }: Seen): string {
  // No id has a line break.
  return `${clientId ?? clinic ?? ''}\n${operationId ?? ''}`;
}

/** Milliseconds within which a request on another connection may have been sent before the answer was known. */
const atOnce = 20;

/** Milliseconds between two requests on the mock's clock; negative where they were, or may have been, sent together. */
export function pauseBetween(before: Seen, request: Seen): number {
  const ticks = request.ticks.began - before.ticks.ended;
  const pause = request.began - before.ended;
  const together = ticks < 0 || (Math.max(ticks, pause) < atOnce && request.connection !== before.connection);
  return together ? -1 : pause;
}

/** Milliseconds after a failure within which another call of the same is taken for a retry. */
export const retryWindow = 60_000;
