import type { Api } from '../../openapi/api.ts';
import { methods } from '../../openapi/document.ts';
import { operationName, type Operation } from '../../openapi/operations.ts';
import { fillTemplate } from '../../openapi/path-template.ts';
import { schemeNames } from '../../openapi/security.ts';
import { parseJson } from '../../util/json.ts';
import { isForm, isJson } from '../../util/media-type.ts';
import { isOutage, type ProviderResponse } from '../provider/exchange.ts';
import type { ProviderOutcome, Provider } from '../provider/provider.ts';
import type { Verdict } from '../verdict.ts';
import { accountsOf, expiredToken, tokenOf } from './access.ts';
import { ConformanceFindings } from './findings.ts';
import { bodyViolations, textViolations, validDrafts } from './generate.ts';
import { judgeAnswer } from './judge-answer.ts';
import { describeBody, describeParameters, writeBody, type DescribedBody, type RequestDraft } from './requests.ts';
import { Run } from './run.ts';
import { Samples } from './samples.ts';

interface CheckConformanceOptions {
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
  const findings = new ConformanceFindings();
  if (silence) {
    const sentence = `The provider ${silence.reason}.`;
    for (const operation of api.operations) {
      findings.add({ operation: operationName(operation), rule: 'answer', result: 'unanswered', sentence });
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
  const valid: RequestDraft[] = [];
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
  if (!run.api.operations.some(({ security }) => security.credentials?.type === 'bearer')) return [];
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
  const { credentials, optional } = operation.security;
  if (credentials?.type !== 'bearer') {
    return optional
      ? []
      : none(`they are of a kind that the toolkit cannot present (${schemeNames(operation.security)})`, false);
  }
  const bearers = tokens.flatMap((token) => ('accessToken' in token ? [`Bearer ${token.accessToken}`] : []));
  if (bearers.length > 0 || optional) return bearers;
  const failed = tokens.find((token) => 'reason' in token);
  return none(failed?.reason ?? noAccount, failed !== undefined && isDown(failed.outcome));
}

function isDown(outcome: ProviderOutcome): boolean {
  return outcome.kind === 'silence' || (outcome.kind === 'answer' && isOutage(outcome));
}

/**
 * Sends valid requests, and holds what is answered against the specification.
 * @param authorizations the `Authorization` header of each account, the first account's first; none where the operation is open.
 * @returns a valid request with which other checks begin.
 */
async function checkAnswers(
  run: Run,
  operation: Operation,
  authorizations: readonly string[],
): Promise<RequestDraft | undefined> {
  const drafts = validDrafts(run, operation).map((draft) => ({ ...draft, authorization: authorizations[0] }));
  const [first] = drafts;
  if (!first) return undefined;
  const others = authorizations.slice(1).map((authorization) => ({ ...first, authorization }));
  let succeeded = false;
  let last = 0;
  for (const [index, draft] of distinct([...drafts, ...others]).entries()) {
    const account = operation.issuesTokens
      ? run.accounts[authorizations.indexOf(draft.authorization ?? '')]
      : undefined;
    const what = index === 0 ? `A valid ${operationName(operation)}` : `Another valid ${operationName(operation)}`;
    const answer = await run.ask(draft, what, account);
    if (!answer) continue;
    run.note(operation, ...judgeAnswer(run.api, operation, answer, what));
    last = answer.status;
    succeeded ||= answer.status < 300;
  }
  if (!succeeded && last > 0) {
    const sentence = `No valid request is answered with success, the last one with ${last}, so the answers of success have not been seen. Give the specification examples that exist there.`;
    run.note(operation, { rule: 'success', result: 'not verifiable', sentence });
  }
  return first;
}

/** An operation without parameters and body has one valid request only. */
function distinct(drafts: readonly RequestDraft[]): RequestDraft[] {
  const byText = new Map(
    drafts.map((draft) => {
      const values = draft.parameters.map(({ parameter, value }) => [parameter.in, parameter.name, value]);
      return [JSON.stringify([values, draft.body?.bytes.toString('hex'), draft.authorization]), draft];
    }),
  );
  return [...byText.values()];
}

/** Sends what is valid but for the token: without one, with garbage, altered, expired, without the scope. */
async function checkAuthentication(run: Run, valid: RequestDraft): Promise<void> {
  const { operation } = valid;
  const token = valid.authorization?.replace(/^Bearer /, '');
  if (operation.security.credentials?.type !== 'bearer' || operation.issuesTokens || token === undefined) return;
  const bearer = (text: string): RequestDraft => ({ ...valid, authorization: `Bearer ${text}` });
  const anonymous = { ...valid, authorization: undefined };
  if (operation.security.optional) await checkAnonymous(run, anonymous);
  else await refused(run, anonymous, 'without a token', [401, 403]);
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

/** A token that is optional may be left out. */
async function checkAnonymous(run: Run, draft: RequestDraft): Promise<void> {
  const { operation } = draft;
  const what = `${operationName(operation)} without a token`;
  const answer = await run.ask(draft, what);
  if (!answer) return;
  const { status } = answer;
  if (status === 401 || status === 403) {
    const sentence = `${what} is answered ${status}, and the specification lets it be called without one.`;
    run.note(operation, { rule: 'authentication', result: 'broken', way: 'without a token', sentence });
  } else run.note(operation, ...judgeAnswer(run.api, operation, answer, what));
}

/** RFC 6750 section 3.1 answers a token without the scope with 403. */
async function checkScope(run: Run, operation: Operation, bearer: (token: string) => RequestDraft): Promise<void> {
  const needed = operation.security.credentials?.scopes ?? [];
  const others = (run.api.flow?.scopes ?? []).filter((scope) => !needed.includes(scope));
  const [account] = run.accounts;
  if (!account || needed.length === 0 || others.length === 0) return;
  const token = await tokenOf(run.provider, run.api, account, others);
  if ('accessToken' in token)
    await refused(run, bearer(token.accessToken), 'with a token that lacks the scope', [403, 401]);
}

/** @param statuses how it may be refused, the right way first; where that one is documented, it is the only one. */
async function refused(run: Run, draft: RequestDraft, how: string, statuses: readonly [number, number]): Promise<void> {
  const { operation } = draft;
  const what = `${operationName(operation)} ${how}`;
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

/** OPTIONS, HEAD and TRACE are often answered by what stands before an API, and by right. */
const tried = methods
  .filter((method) => !['options', 'head', 'trace'].includes(method))
  .map((method) => method.toUpperCase());

/** Sends the methods that a path does not have: they must be answered 405, with those that it has in `Allow`. */
async function checkMethods(run: Run, valid: RequestDraft): Promise<void> {
  const { operation } = valid;
  const known = knownMethods(run, valid);
  const unknown = tried.filter((method) => !known.includes(method));
  const possible = run.provider.access.kind === 'test' ? unknown : unknown.filter((method) => method === 'GET');
  if (possible.length === 0 && unknown.length > 0) {
    const sentence = 'The methods that the path does not have may change something at a real provider. None was sent.';
    return run.note(operation, { rule: 'method', result: 'not verifiable', sentence });
  }
  for (const method of possible) {
    const what = `${method} ${operation.path}`;
    const answer = await run.tempt({ ...valid, method, body: undefined }, what);
    if (answer) run.note(operation, ...judge(run, operation, answer, what, known));
  }
  return undefined;
}

/** The methods of the operation's path, and those of other paths that a request for it goes to: of `/a/{id}` and `/a/mine`, perhaps. */
function knownMethods({ api }: Run, { operation: { serverPath, path }, parameters }: RequestDraft): string[] {
  const values = Object.fromEntries(parameters.map(({ parameter, value }) => [parameter.name, String(value)]));
  const own = api.operations.filter((other) => other.path === path).map(({ method }) => method.toUpperCase());
  return [...new Set([...own, ...api.finder.methodsAt(serverPath + fillTemplate(path, values))])];
}

function judge(
  run: Run,
  operation: Operation,
  { status, headers }: ProviderResponse,
  what: string,
  known: readonly string[],
): Parameters<Run['note']>[1][] {
  const missingPath = run.api.operations.some(
    ({ path, statuses }) => path === operation.path && statuses.includes('404'),
  );
  if (status === 404 && missingPath)
    return [{ rule: 'method', result: 'holds', sentence: 'Methods that the path does not have are refused.' }];
  if (status !== 405) {
    const sentence = `${what} is answered ${status}, and the specification has no such operation: it must be refused with 405.`;
    return [{ rule: 'method', result: 'broken', way: what, sentence }];
  }
  const allowed = (headers.get('allow') ?? '').toUpperCase().split(/\s*,\s*/);
  const missing = known.filter((method) => !allowed.includes(method));
  const sentence = `${what} is answered 405, and its header Allow lacks ${missing.join(', ')} (RFC 9110 section 15.5.6).`;
  return [
    { rule: 'method', result: 'holds', sentence: 'Methods that the path does not have are refused.' },
    missing.length > 0
      ? { rule: 'Allow', result: 'broken', sentence }
      : { rule: 'Allow', result: 'holds', sentence: `The header Allow has ${operationName(operation).split(' ')[0]}.` },
  ];
}

/** A client that nobody has: a wrong secret of the real one may lock it. */
const stranger = `Basic ${Buffer.from('arzamed-devkit-nobody:not-a-secret').toString('base64')}`;

/** Sends token requests that must be refused whatever their form: without a client, and with an unknown one. */
async function checkClients(run: Run, valid: RequestDraft): Promise<void> {
  const { operation } = valid;
  const trials = [
    { draft: { ...valid, authorization: undefined }, how: 'without a client' },
    { draft: { ...valid, authorization: stranger }, how: 'with an unknown client' },
    { draft: { ...valid, body: otherGrant }, how: 'with a grant type that there is not' },
  ];
  for (const { draft, how } of trials) {
    const what = `${operationName(operation)} ${how}`;
    const answer = await run.tempt(draft, what);
    if (!answer) continue;
    const { status } = answer;
    if (![400, 401, 403].includes(status)) {
      const sentence = `${what} is answered ${status}, and must be refused with 400 or 401 (RFC 6749 section 5.2).`;
      run.note(operation, { rule: 'client', result: 'broken', way: how, sentence });
      continue;
    }
    run.note(operation, {
      rule: 'client',
      result: 'holds',
      way: how,
      sentence: `${what} is refused with ${status}.`,
    });
    if (operation.statuses.includes(String(status)))
      run.note(operation, ...judgeAnswer(run.api, operation, answer, what));
  }
}

const otherGrant = {
  type: 'application/x-www-form-urlencoded',
  bytes: Buffer.from('grant_type=arzamed-devkit-none'),
};

/** A request that the specification forbids, and what is wrong with it. */
interface Wrong {
  draft: RequestDraft;
  /** `parameter`, `required parameter`, `body`, `content type`. */
  rule: string;
  what: string;
}

/** Sends what the specification forbids: it must be refused with 4xx. */
async function checkRefusals(run: Run, valid: RequestDraft): Promise<void> {
  const { operation } = valid;
  for (const { draft, rule, what } of [...wrongParameters(run, valid), ...wrongBodies(run, valid)]) {
    const request = `${operationName(operation)} with ${what}`;
    const answer = await run.tempt(draft, request);
    if (!answer) continue;
    const { status } = answer;
    if (status < 400 || status >= 500) {
      const sentence = `${request} is answered ${status}, and the specification forbids it: it must be refused with 4xx.`;
      run.note(operation, { rule: `wrong ${rule}`, result: 'broken', way: what, sentence });
      continue;
    }
    run.note(operation, {
      rule: `wrong ${rule}`,
      result: 'holds',
      sentence: `What is wrong with a ${rule} is refused.`,
    });
    // How a wrong request is refused need not be documented, but what is documented holds.
    if (operation.statuses.includes(String(status)))
      run.note(operation, ...judgeAnswer(run.api, operation, answer, request));
  }
}

function wrongParameters(run: Run, valid: RequestDraft): Wrong[] {
  const { document } = run.api;
  // The path of the token endpoint is that of the token URL.
  if (valid.operation.issuesTokens) return [];
  return describeParameters(document, valid.operation).flatMap((parameter) => {
    const others = valid.parameters.filter(
      ({ parameter: other }) => other.name !== parameter.name || other.in !== parameter.in,
    );
    const name = `the ${parameter.in} parameter ${parameter.name}`;
    const wrong = textViolations(document, run.samples, parameter.schema).map(({ value, what }) => ({
      draft: { ...valid, parameters: [...others, { parameter, value }] },
      rule: 'parameter',
      what: `${what} for ${name}`,
    }));
    const missing = {
      draft: { ...valid, parameters: others },
      rule: 'required parameter',
      what: `nothing for ${name}`,
    };
    return parameter.required && parameter.in !== 'path' ? [...wrong, missing] : wrong;
  });
}

function wrongBodies(run: Run, valid: RequestDraft): Wrong[] {
  const { document } = run.api;
  const described = describeBody(document, valid.operation);
  if (!described || !valid.body) return [];
  const { type } = described;
  const { bytes } = valid.body;
  const wrong = (what: string, type: string, bytes: Buffer, rule = 'body'): Wrong => ({
    draft: { ...valid, body: { type, bytes } },
    rule,
    what,
  });
  const other = ['text/plain', 'application/xml'].find(
    (each) => !valid.operation.requestTypes.some((known) => covers(known, each)),
  );
  return [
    ...violating(run, described, bytes).map(({ value, what }) => wrong(what, type, writeBody(type, value))),
    ...(isJson(type) ? [wrong('JSON that is broken off', type, Buffer.from('{"a":'))] : []),
    ...(described.required ? [{ draft: { ...valid, body: undefined }, rule: 'body', what: 'no body' }] : []),
    ...(other === undefined ? [] : [wrong(`its body as ${other}`, other, bytes, 'content type')]),
  ];
}

function violating(run: Run, { type, schema }: DescribedBody, bytes: Buffer): { value: unknown; what: string }[] {
  const { document } = run.api;
  if (!isForm(type)) return bodyViolations(document, run.samples, schema, parseJson(bytes));
  // A form has texts alone, and no server sees whether it was meant to be something else.
  const valid = Object.fromEntries(new URLSearchParams(bytes.toString()));
  return bodyViolations(document, run.samples, schema, valid).filter(
    ({ value }) =>
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      Object.values(value).every((each) => typeof each === 'string'),
  );
}

function covers(known: string, type: string): boolean {
  return known.startsWith(type) || known.startsWith('*/*') || known.startsWith(`${type.split('/')[0]}/*`);
}
