import { callerOf, retryWindow, type Rule, type Seen } from './rule.ts';
import { TokensInUse } from './tokens-in-use.ts';

export const unavailableNotRetried: Rule = {
  id: 'unavailable-not-retried',
  severity: 'warn',
  message: 'A call was answered with 503 and not tried again within a minute.',
  remedy: 'Retry with growing, random pauses, and give up after some attempts.',
  source: 'RFC 9110 section 15.6.4 (503)',
  begin: (lifetime) => {
    const tokens = new TokensInUse(lifetime);
    /** Caller to the 503 that waits for a retry. */
    const waiting = new Map<string, Seen>();
    /** Caller to the end of its last 503: a retry that fails as well needs no further one. */
    const failed = new Map<string, number>();
    return {
      see: (request) => {
        tokens.see(request);
        if (waiting.size === 0 && failed.size === 0 && request.status !== 503) return undefined;
        const caller = callerOf(request);
        const open = waiting.get(caller);
        waiting.delete(caller);
        const isRetry = request.began - (failed.get(caller) ?? -Infinity) <= retryWindow;
        if (request.status === 503) {
          failed.set(caller, until(request) - retryWindow);
          // Who still has a good token need not ask for the next one again: there is time for that.
          if (!isRetry && !(request.issuesTokens && tokens.has(request))) waiting.set(caller, request);
        } else failed.delete(caller);
        const late = open?.clockMoves === request.clockMoves && request.began > until(open);
        return late ? { requests: [open] } : undefined;
      },
      overdue: (now, clockMoves) => {
        if (waiting.size === 0) return [];
        const late = [...waiting].filter(
          ([, open]) => now === Infinity || (open.clockMoves === clockMoves && now > until(open)),
        );
        for (const [caller] of late) waiting.delete(caller);
        return late.map(([, open]) => ({ requests: [open] }));
      },
      due: (clockMoves) => {
        if (waiting.size === 0) return Infinity;
        return Math.min(...[...waiting.values()].filter((open) => open.clockMoves === clockMoves).map(until));
      },
    };
  },
};

function until({ ended, retryAfter = 0 }: Seen): number {
  return ended + retryAfter * 1000 + retryWindow;
}
