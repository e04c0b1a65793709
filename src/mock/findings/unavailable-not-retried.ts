import { callerOf, retryWindow, type Rule, type Seen } from './rule.ts';

export const unavailableNotRetried: Rule = {
  id: 'unavailable-not-retried',
  severity: 'warn',
  message: 'A call was answered with 503 and not tried again within a minute.',
  remedy: 'Retry with growing, random pauses, and give up after some attempts.',
  source: 'RFC 9110 section 15.6.4 (503)',
  begin: () => {
    /** Caller to the 503 that waits for a retry. */
    const waiting = new Map<string, Seen>();
    /** Caller to the end of its last 503: a retry that fails as well needs no further one. */
    const failed = new Map<string, number>();
    const until = ({ ended, retryAfter = 0 }: Seen): number => ended + retryAfter * 1000 + retryWindow;
    return {
      see: (request) => {
        const caller = callerOf(request);
        const open = waiting.get(caller);
        waiting.delete(caller);
        const isRetry = request.began - (failed.get(caller) ?? -Infinity) <= retryWindow;
        if (request.status === 503) {
          failed.set(caller, until(request) - retryWindow);
          if (!isRetry) waiting.set(caller, request);
        } else failed.delete(caller);
        return open && request.began > until(open) ? { requests: [open] } : undefined;
      },
      overdue: (now) => {
        const late = [...waiting].filter(([, request]) => now > until(request));
        for (const [caller] of late) waiting.delete(caller);
        return late.map(([, request]) => ({ requests: [request] }));
      },
    };
  },
};
