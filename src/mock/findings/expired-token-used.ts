import type { Rule } from './rule.ts';

export const expiredTokenUsed: Rule = {
  id: 'expired-token-used',
  severity: 'warn',
  message: 'A token was used after its end.',
  remedy:
    "Renew it shortly before expires_in has passed. In a test that moves the mock's clock, give the client its time.",
  source: 'RFC 6749 section 5.1 (expires_in), RFC 6750 section 3.1 (invalid_token)',
  begin: () => {
    /** Client to how often the clock had been set when it got its last token, and the id of a token that was refused. */
    const issued = new Map<string, number>();
    const refused = new Map<string, string>();
    return {
      see: (request) => {
        const { clientId = '', tokenId = '', reason, issuesTokens, clockMoves } = request;
        if (issuesTokens && request.status === 200) issued.set(clientId, clockMoves);
        if (reason !== 'expired_token') return undefined;
        const again = refused.get(clientId) === tokenId;
        refused.set(clientId, tokenId);
        // A client cannot know that the clock was moved, but it can know what it was told by a 401.
        const provoked = !again && issued.get(clientId) !== clockMoves;
        return { requests: [request], ...(provoked ? { severity: 'info' as const } : {}) };
      },
    };
  },
};
