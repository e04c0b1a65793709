import { callerOf, pauseBetween, retryWindow, type Rule, type Seen } from './rule.ts';

export const retriedAfterForbidden: Rule = {
  id: 'retried-after-forbidden',
  severity: 'warn',
  message: 'A call was answered with 403 and tried again within a minute.',
  remedy: 'Do not retry: the key was revoked or has expired, and only a person can give a new one.',
  source: 'RFC 9110 section 15.5.4 (403)',
  begin: () => {
    const forbidden = new Map<string, Seen>();
    return {
      see: (request) => {
        if (forbidden.size === 0 && request.status !== 403) return undefined;
        const caller = callerOf(request);
        const before = forbidden.get(caller);
        if (request.status === 403) forbidden.set(caller, request);
        else forbidden.delete(caller);
        if (!before || before.keyChanges !== request.keyChanges) return undefined;
        // Calls that were under way at the same time are no retries of each other.
        const pause = pauseBetween(before, request);
        return pause >= 0 && pause <= retryWindow ? { requests: [before, request] } : undefined;
      },
    };
  },
};
