import type { Api } from '../../openapi/api.ts';
import type { Operation } from '../../spec/operation.ts';
import type { Verdict } from '../verdict.ts';
import { isOutage } from '../../contract/provider/outage.ts';
import type { Outcome, Provider } from '../provider/provider.ts';
import { accountsOf, tokenOf } from './access.ts';
import { checkAnswers } from '../../contract/conformance/check-answers.ts';
import { checkAuthentication } from '../../contract/conformance/check-authentication.ts';
import { checkMethods } from '../../contract/conformance/check-methods.ts';
import { checkRefusals } from '../../contract/conformance/check-refusals.ts';
import { checkClients } from '../../contract/conformance/check-token-endpoint.ts';
import type { Draft } from './requests.ts';
import { Findings } from './findings.ts';
import { labelOf, Run } from './run.ts';
import { Samples } from './samples.ts';

export interface CheckConformanceOptions {
  provider: Provider;
  /** The specification. */
  api: Api;
  /** The same seed makes the same requests; 1 unless given. */
  seed?: number;
  /** How many valid requests there are for each operation at most; 5 unless given, 2 at a real provider. */
  cases?: number;
}

/**
 * Sends a provider requests that are made from the specification, valid ones and such that it forbids, and holds the answers
 * against it. A real provider is only read: it gets GET, HEAD and OPTIONS, and token requests.
 * @throws Problem if a real provider refuses the credentials.
 */
export async function checkConformance({
  provider,
  api,
  seed = 1,
  cases,
}: CheckConformanceOptions): Promise<Verdict[]> {
  const { access, silence } = provider;
  const findings = new Findings();
  if (silence) {
    const sentence = `The provider ${silence.reason}.`;
    for (const operation of api.operations) {
      findings.add({ operation: labelOf(operation), rule: 'answer', result: 'unanswered', sentence });
    }
    return findings.verdicts();
  }
  if (access.kind === 'real') await provider.realToken(access);
  const run = new Run({
    api,
    provider,
    findings,
    samples: new Samples(api, seed),
    accounts: await accountsOf(provider),
    cases: cases ?? (access.kind === 'real' ? 2 : 5),
  });
  const tokens = await tokensOf(run);
  const valid: Draft[] = [];
  for (const operation of api.operations) {
    const authorizations = authorizationsFor(run, operation, tokens);
    const draft = authorizations && (await checkAnswers(run, operation, authorizations));
    if (draft && run.hasServed(operation)) valid.push(draft);
  }
  // What tells most comes first: the budget may not last.
  for (const draft of valid) await checkAuthentication(run, draft);
  for (const draft of valid) if (draft.operation.issuesTokens) await checkClients(run, draft);
  for (const draft of valid) await checkRefusals(run, draft);
  const ofPaths = valid.filter(
    (draft, at) => valid.findIndex(({ operation }) => operation.path === draft.operation.path) === at,
  );
  for (const draft of ofPaths) await checkMethods(run, draft);
  return findings.verdicts();
}

type Tokens = Awaited<ReturnType<typeof tokenOf>>[];

/** One for each account. */
async function tokensOf(run: Run): Promise<Tokens> {
  const { access } = run.provider;
  if (access.kind === 'real') {
    const token = await run.provider.realToken(access);
    if (token.kind === 'token') return [token];
    return [
      {
        outcome: token,
        reason: token.kind === 'silence' ? `the provider ${token.reason}` : 'the budget of requests is used up',
      },
    ];
  }
  if (!run.api.operations.some(({ security }) => security?.type === 'bearer')) return [];
  const tokens: Tokens = [];
  for (const account of run.accounts) tokens.push(await tokenOf(run.provider, run.api, account));
  return tokens;
}

/** The `Authorization` headers with which an operation is called; undefined where it needs one and there is none. */
function authorizationsFor(run: Run, operation: Operation, tokens: Tokens): string[] | undefined {
  const none = (reason: string, unanswered: boolean): undefined => {
    const sentence = `The operation needs credentials, and there are none: ${reason}.`;
    run.note(operation, { rule: 'access', result: unanswered ? 'unanswered' : 'not verifiable', sentence });
    return undefined;
  };
  const noAccount = 'the provider cannot be brought to the state "a key" of docs/provider-states.md';
  if (operation.issuesTokens) {
    const headers = run.accounts.map(({ basic }) => basic);
    return headers.length > 0 ? headers : none(noAccount, false);
  }
  if (operation.security?.type !== 'bearer') return [];
  const bearers = tokens.flatMap((token) => ('accessToken' in token ? [`Bearer ${token.accessToken}`] : []));
  if (bearers.length > 0) return bearers;
  const failed = tokens.find((token) => 'reason' in token);
  return none(failed?.reason ?? noAccount, failed !== undefined && isDown(failed.outcome));
}

function isDown(outcome: Outcome): boolean {
  return outcome.kind === 'silence' || (outcome.kind === 'answer' && isOutage(outcome));
}
