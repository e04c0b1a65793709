import { callerOf, pauseBetween, retryWindow, type Rule, type Seen } from './rule.ts';

/** How many pauses are needed to say that they do not grow: with fewer, random ones may look alike. */
const enough = 3;

/** A pause of at most so many milliseconds is none, and two of these are enough: chance hardly draws them. */
const none = { milliseconds: 5, enough: 2 };

/** Pauses are alike if the longest is at most this many times the shortest, and this many milliseconds. */
const alike = { times: 1.2, milliseconds: 20 };

export const retriedWithoutBackoff: Rule = {
  id: 'retried-without-backoff',
  severity: 'warn',
  message: 'A call that failed was tried again before Retry-After, or more than once without growing pauses.',
  remedy: 'Wait as long as Retry-After says; without it, let the pauses grow exponentially, with some chance in them.',
  source: 'RFC 9110 section 10.2.3 (Retry-After) and section 15.6.4 (503)',
  begin: () => {
    /** Caller and path to the attempts that failed one after the other. */
    const attempts = new Map<string, Seen[]>();
    return {
      see: (request) => {
        if (attempts.size === 0 && !isUnavailable(request)) return undefined;
        const caller = `${callerOf(request)} ${request.path}`;
        const before = attempts.get(caller) ?? [];
        if (before.length === 0 && !isUnavailable(request)) return undefined;
        const run = follows(before.at(-1), request) ? [...before, request].slice(-enough - 1) : [request];
        if (isUnavailable(request)) attempts.set(caller, run);
        else attempts.delete(caller);
        if (comesEarly(run)) return { requests: run };
        if (run.some(({ retryAfter }) => retryAfter !== undefined)) return undefined;
        if (hasNoPauses(run)) return { requests: run.slice(-none.enough - 1) };
        return doesNotGrow(run) ? { requests: run } : undefined;
      },
    };
  },
};

function isUnavailable({ status = 0 }: Seen): boolean {
  return status === 503 || status === 429;
}

/** Whether a request may be a retry of the one before: not under way at the same time, and not much later. */
function follows(before: Seen | undefined, request: Seen): boolean {
  if (!before || before.clockMoves !== request.clockMoves) return false;
  const pause = pauseBetween(before, request);
  return pause >= 0 && pause <= retryWindow + (before.retryAfter ?? 0) * 1000;
}

function pausesOf(run: Seen[]): number[] {
  return run.slice(1).map((request, index) => request.began - (run[index]?.ended ?? 0));
}

/** A client's timer and ours may differ by a little. */
const tolerance = 50;

function comesEarly(run: Seen[]): boolean {
  const told = run.at(-2)?.retryAfter;
  const pause = pausesOf(run).at(-1);
  return told !== undefined && pause !== undefined && pause < told * 1000 - tolerance;
}

function hasNoPauses(run: Seen[]): boolean {
  const pauses = pausesOf(run).slice(-none.enough);
  return pauses.length === none.enough && pauses.every((pause) => pause <= none.milliseconds);
}

function doesNotGrow(run: Seen[]): boolean {
  const pauses = pausesOf(run);
  if (pauses.length < enough) return false;
  return Math.max(...pauses) <= Math.min(...pauses) * alike.times + alike.milliseconds;
}
