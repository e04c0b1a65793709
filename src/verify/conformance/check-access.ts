import { operationName, type Operation } from '../../openapi/operations.ts';
import { presentationOf, secretIn, type Presentation, type Credential, type Purse } from '../provider/present.ts';
import type { VerdictResult } from '../verdict.ts';
import { overBudget } from '../provider/provider.ts';
import { expiredToken, tokenOf } from './access.ts';
import type { RequestDraft } from './requests.ts';
import type { Run } from './run.ts';

type Tokens = Awaited<ReturnType<typeof tokenOf>>[];

export async function tokensOf(run: Run): Promise<Tokens> {
  const { provider, api, accounts } = run;
  if (provider.access.kind === 'live') {
    const token = await provider.liveToken(provider.access);
    if (!token) return [];
    if (token.kind === 'token') return [token];
    return [{ outcome: token, reason: token.kind === 'silence' ? `the provider ${token.reason}` : overBudget }];
  }
  const asked = api.operations.flatMap(({ security }) => security.alternatives.flat());
  if (!asked.some(({ scheme, presented }) => presented === 'bearer' && !provider.purse.given.has(scheme))) return [];
  const tokens: Tokens = [];
  for (const account of accounts) tokens.push(await tokenOf(provider, api, account));
  return tokens;
}

/** What each account presents to an operation; undefined where it needs what could not be got. */
export function presentationsFor(run: Run, operation: Operation, tokens: Tokens): Presentation[] | undefined {
  const { accounts, provider } = run;
  const none = (reason: string, result: VerdictResult = 'not verifiable'): undefined => {
    run.note(operation, 'access', result, `The operation needs credentials, but none are available: ${reason}.`);
  };
  if (operation.issuesTokens) {
    if (accounts.length > 0) return accounts.map(({ basic }) => ({ presented: [asClient(basic)], missing: [] }));
    return none('the provider cannot be brought to the state "a key" of docs/provider-states.md');
  }
  const isTest = provider.access.kind === 'test';
  const purses = accounts.map(({ basic }, index): Purse => {
    const token = tokens[index];
    return {
      ...provider.purse,
      token: token && 'accessToken' in token ? token.accessToken : undefined,
      // The secret of a live client is for its token URL alone.
      ...(isTest ? { basic, secret: secretIn(basic) } : {}),
    };
  });
  const all = (purses.length > 0 ? purses : [provider.purse]).map((purse) => presentationOf(operation.security, purse));
  const whole = all.filter(({ missing }) => missing.length === 0);
  if (whole.length > 0) return whole;
  const missing = all[0]?.missing ?? [];
  const failed = tokens.find((token) => 'reason' in token);
  const needsToken = missing.some(({ presented }) => presented === 'bearer');
  if (failed && needsToken) {
    const { outcome, reason } = failed;
    if (outcome.kind === 'silence') return none(reason, 'unanswered');
    if (outcome.kind !== 'answer') return none(reason);
    if (provider.isOutage(outcome)) return none(reason, 'unanswered');
    return none(reason, outcome.status >= 500 ? 'broken' : 'not verifiable');
  }
  run.missing.push(...missing);
  return all.slice(0, 1);
}

/** @param basic the header of a client at the token URL. */
function asClient(basic: string): Credential {
  return { scheme: '', kind: 'basic', in: 'header', name: 'Authorization', value: basic, scopes: [] };
}

/** Sends what is valid but for the credentials: without any, with wrong ones, with a token that lacks something. */
export async function checkAuthentication(run: Run, valid: RequestDraft): Promise<void> {
  const { operation, presented = [] } = valid;
  const { security } = operation;
  if (operation.issuesTokens || presented.length === 0) return;
  const { fixed } = run.provider.purse;
  if (presented.some((each) => each.in === 'header' && fixed.has(each.name.toLowerCase()))) {
    const sentence =
      'A header of --header stands in for the credentials, so it is unknown whether wrong ones are refused.';
    return run.note(operation, 'authentication', 'not verifiable', sentence);
  }
  // A certificate, or what else is not presented here, may stand for all of them.
  if (security.alternatives.some((each) => each.length > 0 && each.every((one) => one.presented === undefined))) {
    const sentence =
      'One alternative of its security cannot be presented, so it is unknown whether wrong credentials are refused.';
    return run.note(operation, 'authentication', 'not verifiable', sentence);
  }
  const refuses = (how: string, changed: readonly Credential[], statuses = [401, 403]): Promise<void> =>
    checkRefused(run, { ...valid, presented: changed }, how, statuses);
  const change = (one: Credential, value: string): Credential[] =>
    presented.map((each) => (each === one ? { ...one, value } : each));
  const what = presented.every(({ kind }) => kind === 'bearer') ? 'a token' : 'credentials';
  if (security.optional) await checkAnonymous(run, { ...valid, presented: [] }, what);
  else await refuses(`without ${what}`, []);
  const isAlone = security.alternatives.filter((each) => each.length > 0).length === 1;
  // Another alternative may be met by what is still right.
  if (presented.length > 1 && !isAlone) {
    await refuses(
      'with invalid credentials',
      presented.flatMap((each) =>
        wrongOf(each)
          .slice(0, 1)
          .map(({ as }) => as),
      ),
    );
  } else {
    for (const each of presented) {
      const whose = presented.length > 1 ? ` for ${each.scheme}` : '';
      for (const { how, as } of wrongOf(each)) await refuses(how + whose, change(each, as.value));
    }
  }
  const token = presented.find(({ kind, scheme }) => kind === 'bearer' && !run.provider.purse.given.has(scheme));
  if (token)
    await checkTokens(run, operation, token, (how, text, statuses) =>
      refuses(how, change(token, `Bearer ${text}`), statuses),
    );
}

/** Credentials that must be refused in place of right ones. */
function wrongOf(presented: Credential): { how: string; as: Credential }[] {
  const as = (value: string): Credential => ({ ...presented, value });
  switch (presented.kind) {
    case 'bearer':
      return [
        { how: 'with an invalid token', as: as('Bearer not-a-token') },
        { how: 'with an altered token', as: as(`Bearer ${alter(presented.value.replace(/^Bearer /, ''))}`) },
      ];
    case 'basic':
      return [{ how: 'with an unknown user', as: as(stranger) }];
    case 'key':
      return [{ how: 'with an invalid key', as: as('not-a-key') }];
    case undefined:
    default:
      return [];
  }
}

/** Tokens that the provider gave, but that must be refused: an expired one, and one without the scope. */
async function checkTokens(
  run: Run,
  operation: Operation,
  { scopes }: Credential,
  refuses: (how: string, token: string, statuses?: number[]) => Promise<void>,
): Promise<void> {
  const expired = await expiredToken(run.provider);
  if (expired !== undefined) await refuses('with an expired token', expired);
  else {
    const sentence = 'This provider gives no expired token, so it is unknown whether it refuses one.';
    run.note(operation, 'expired token', 'not verifiable', sentence);
  }
  const others = (run.api.flow?.scopes ?? []).filter((scope) => !scopes.includes(scope));
  const [account] = run.accounts;
  if (!account || scopes.length === 0 || others.length === 0) return;
  const other = await tokenOf(run.provider, run.api, account, others);
  // RFC 6750 section 3.1 answers a token without the scope with 403.
  if ('accessToken' in other) await refuses('with a token that lacks the scope', other.accessToken, [403, 401]);
}

async function checkAnonymous(run: Run, draft: RequestDraft, credentials: string): Promise<void> {
  const { operation } = draft;
  const what = `${operationName(operation)} without ${credentials}`;
  const answer = await run.ask(draft, what);
  if (!answer) return;
  if (answer.status === 401 || answer.status === 403) {
    const sentence = `${what} is answered ${answer.status}, but the specification makes ${credentials === 'a token' ? 'the token' : credentials} optional.`;
    run.note(operation, 'authentication', 'broken', sentence, `without ${credentials}`);
  } else run.judge(operation, answer, what);
}

/** @param statuses of a refusal, the proper one first; if that one is documented, only it is accepted. */
async function checkRefused(run: Run, draft: RequestDraft, how: string, statuses: readonly number[]): Promise<void> {
  const { operation } = draft;
  const [best] = statuses;
  const allowed = operation.statuses.includes(String(best)) ? [best] : statuses;
  await run.expectRefusal(draft, `${operationName(operation)} ${how}`, {
    rule: 'authentication',
    way: how,
    allows: (status) => allowed.includes(status),
    demand: `but must be refused with ${allowed.join(' or ')}`,
  });
}

/** The same token with another signature; of a token that is no JWT, another letter at its end. */
function alter(token: string): string {
  const at = Math.max(0, Math.min(token.length - 1, token.lastIndexOf('.') + 10));
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
}

/** A client that does not exist: a wrong secret of a real one may lock it. */
const stranger = `Basic ${Buffer.from('arzamed-devkit-nobody:not-a-secret').toString('base64')}`;

/** Sends token requests that must be refused: without a client, with an unknown one, with an unknown grant type. */
export async function checkClients(run: Run, valid: RequestDraft): Promise<void> {
  const body = { type: 'application/x-www-form-urlencoded', bytes: Buffer.from('grant_type=arzamed-devkit-none') };
  const trials = {
    'without a client': { ...valid, presented: [] },
    'with an unknown client': { ...valid, presented: [asClient(stranger)] },
    'with an unknown grant type': { ...valid, body },
  };
  for (const [how, draft] of Object.entries(trials)) {
    await run.expectRefusal(draft, `${operationName(valid.operation)} ${how}`, {
      rule: 'client',
      way: how,
      allows: (status) => [400, 401, 403].includes(status),
      demand: 'but must be refused with 400 or 401 (RFC 6749 section 5.2)',
    });
  }
}
