import type { Rule, Seen } from './rule.ts';

/** The share of a token's life that may be left when the next one is asked for. */
const share = 0.5;

export const tokenNotCached: Rule = {
  id: 'token-not-cached',
  severity: 'warn',
  message: 'A token was asked for while the last one of the same key was good for more than half of its life.',
  remedy: 'Keep the token, share it between calls, and ask again only shortly before its end.',
  source: 'RFC 6749 section 5.1 (expires_in)',
  begin: (lifetime) => {
    const last = new Map<string, Seen>();
    return {
      see: (request) => {
        const { clientId } = request;
        if (clientId === undefined) return undefined;
        // After a refusal a client is right to ask for another one.
        if (!request.issuesTokens && (request.status === 401 || request.status === 403)) last.delete(clientId);
        if (!request.issuesTokens || request.status !== 200) return undefined;
        const before = last.get(clientId);
        last.set(clientId, request);
        const touched = before?.keyChanges !== request.keyChanges || before.clockMoves !== request.clockMoves;
        const age = before ? request.began - before.ended : Infinity;
        return before && !touched && age < lifetime * 1000 * share ? { requests: [before, request] } : undefined;
      },
    };
  },
};
