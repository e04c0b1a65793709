import type { Operation } from '../../spec/operation.ts';
import { expiredToken, tokenOf } from '../../verify/conformance/access.ts';
import type { Draft } from '../../verify/conformance/requests.ts';
import { judgeAnswer } from '../../verify/conformance/judge-answer.ts';
import { labelOf, type Run } from '../../verify/conformance/run.ts';

/** Sends what is valid but for the token: without one, with garbage, altered, expired, without the scope. */
export async function checkAuthentication(run: Run, valid: Draft): Promise<void> {
  const { operation } = valid;
  const token = valid.authorization?.replace(/^Bearer /, '');
  if (operation.security?.type !== 'bearer' || operation.issuesTokens || token === undefined) return;
  const bearer = (text: string): Draft => ({ ...valid, authorization: `Bearer ${text}` });
  await refused(run, { ...valid, authorization: undefined }, 'without a token', [401, 403]);
  await refused(run, bearer('not-a-token'), 'with garbage for a token', [401, 403]);
  await refused(run, bearer(alter(token)), 'with an altered token', [401, 403]);
  const expired = await expiredToken(run.provider);
  if (expired !== undefined) await refused(run, bearer(expired), 'with an expired token', [401, 403]);
  else {
    const sentence =
      'There is no way to get an expired token from this provider, so it is not known whether it refuses one.';
    run.note(operation, { rule: 'expired token', result: 'not verifiable', sentence });
  }
  await checkScope(run, operation, bearer);
}

/** RFC 6750 section 3.1 answers a token without the scope with 403. */
async function checkScope(run: Run, operation: Operation, bearer: (token: string) => Draft): Promise<void> {
  const needed = operation.security?.scopes ?? [];
  const others = (run.api.flow?.scopes ?? []).filter((scope) => !needed.includes(scope));
  const [account] = run.accounts;
  if (!account || needed.length === 0 || others.length === 0) return;
  const token = await tokenOf(run.provider, run.api, account, others);
  if ('accessToken' in token)
    await refused(run, bearer(token.accessToken), 'with a token that lacks the scope', [403, 401]);
}

/** @param statuses how it may be refused, the right way first; where that one is documented, it is the only one. */
async function refused(run: Run, draft: Draft, how: string, statuses: readonly [number, number]): Promise<void> {
  const { operation } = draft;
  const what = `${labelOf(operation)} ${how}`;
  const answer = await run.tempt(draft, what);
  if (!answer) return;
  const [best] = statuses;
  const allowed = operation.statuses.includes(String(best)) ? [best] : statuses;
  const expected = allowed.join(' or ');
  if (!allowed.includes(answer.status)) {
    const sentence = `${what} is answered ${answer.status}, and must be refused with ${expected}.`;
    return run.note(operation, { rule: 'authentication', result: 'broken', way: how, sentence });
  }
  const documented = operation.statuses.includes(String(answer.status));
  const sentence = `${what} is refused with ${answer.status}.`;
  return run.note(
    operation,
    { rule: 'authentication', result: 'holds', way: how, sentence },
    ...(documented ? judgeAnswer(run.api, operation, answer, what) : []),
  );
}

/** The same token with another signature; of a token that is no JWT, another letter at its end. */
function alter(token: string): string {
  const at = Math.max(0, Math.min(token.length - 1, token.lastIndexOf('.') + 10));
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
}
