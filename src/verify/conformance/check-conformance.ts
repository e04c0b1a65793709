import type { Api } from '../../openapi/api.ts';
import { methods } from '../../openapi/document.ts';
import { operationName, type Operation } from '../../openapi/operations.ts';
import { fillTemplate } from '../../openapi/path-template.ts';
import { schemeNames } from '../../openapi/security.ts';
import { fieldsOf, parseJson } from '../../util/json.ts';
import { isForm, isJson, isWithin } from '../../util/media-type.ts';
import { isOutage, type ProviderResponse } from '../provider/exchange.ts';
import { providerSilent } from '../provider/judge-interaction.ts';
import { overBudget, type Provider } from '../provider/provider.ts';
import type { Verdict } from '../verdict.ts';
import { accountsOf, expiredToken, tokenOf } from './access.ts';
import { bodyViolations, textViolations, validDrafts } from './generate.ts';
import { describeBody, describeParameters, writeBody, type RequestDraft } from './requests.ts';
import { Run } from './run.ts';
import { Samples } from './samples.ts';

interface CheckConformanceOptions {
  provider: Provider;
  api: Api;
  /** The same seed makes the same requests; 1 unless given. */
  seed?: number;
  /** The largest number of valid requests for each operation; 5 unless given, 2 at a live provider. */
  cases?: number;
}

/**
 * Sends a provider valid and forbidden requests made from the specification, and checks the answers. A live provider is
 * only read: it gets GET, HEAD and OPTIONS, and token requests.
 * @throws Problem if a live provider refuses the credentials.
 */
export async function checkConformance({
  provider,
  api,
  seed = 1,
  cases,
}: CheckConformanceOptions): Promise<Verdict[]> {
  const { access, silence } = provider;
  if (silence) {
    const judgement = providerSilent(silence.reason);
    return api.operations.map((each) => ({ net: 'conformance', operation: operationName(each), ...judgement }));
  }
  if (access.kind === 'live') await provider.liveToken(access);
  const run = new Run({
    api,
    provider,
    samples: new Samples(api, seed),
    accounts: await accountsOf(provider),
    cases: cases ?? (access.kind === 'live' ? 2 : 5),
  });
  const tokens = await tokensOf(run);
  const valid: RequestDraft[] = [];
  for (const operation of api.operations) {
    const authorizations = authorizationsFor(run, operation, tokens);
    const draft = authorizations && (await checkAnswers(run, operation, authorizations));
    if (draft && run.hasServed(operation)) valid.push(draft);
  }
  // The most telling checks first: the budget may run out.
  for (const draft of valid) await checkAuthentication(run, draft);
  for (const draft of valid) if (draft.operation.issuesTokens) await checkClients(run, draft);
  for (const draft of valid) await checkRefusals(run, draft);
  const byPath = new Map(valid.toReversed().map((draft) => [draft.operation.path, draft]));
  for (const draft of valid) if (byPath.get(draft.operation.path) === draft) await checkMethods(run, draft);
  return run.verdicts();
}

type Tokens = Awaited<ReturnType<typeof tokenOf>>[];

async function tokensOf(run: Run): Promise<Tokens> {
  const { provider, api, accounts } = run;
  if (provider.access.kind === 'live') {
    const token = await provider.liveToken(provider.access);
    if (token.kind === 'token') return [token];
    return [{ outcome: token, reason: token.kind === 'silence' ? `the provider ${token.reason}` : overBudget }];
  }
  if (!api.operations.some(({ security }) => security.credentials?.type === 'bearer')) return [];
  const tokens: Tokens = [];
  for (const account of accounts) tokens.push(await tokenOf(provider, api, account));
  return tokens;
}

/** The `Authorization` headers for an operation; undefined where it needs one and there is none. */
function authorizationsFor(run: Run, operation: Operation, tokens: Tokens): string[] | undefined {
  const none = (reason: string, isDown = false): undefined => {
    const result = isDown ? 'unanswered' : 'not verifiable';
    run.note(operation, 'access', result, `The operation needs credentials, but none are available: ${reason}.`);
  };
  const noAccount = 'the provider cannot be brought to the state "a key" of docs/provider-states.md';
  if (operation.issuesTokens) {
    const headers = run.accounts.map(({ basic }) => basic);
    return headers.length > 0 ? headers : none(noAccount);
  }
  const { credentials, optional } = operation.security;
  if (credentials?.type !== 'bearer') {
    return optional ? [] : none(`the toolkit does not support this kind (${schemeNames(operation.security)})`);
  }
  const bearers = tokens.flatMap((token) => ('accessToken' in token ? [`Bearer ${token.accessToken}`] : []));
  if (bearers.length > 0 || optional) return bearers;
  const failed = tokens.find((token) => 'reason' in token);
  if (!failed) return none(noAccount);
  const { outcome, reason } = failed;
  return none(reason, outcome.kind === 'silence' || (outcome.kind === 'answer' && isOutage(outcome)));
}

/**
 * Sends valid requests and checks the answers.
 * @param authorizations the `Authorization` header of each account; none where the operation is open.
 * @returns a valid request, for the other checks to start from.
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
    const what = `${index === 0 ? 'A' : 'Another'} valid ${operationName(operation)}`;
    const answer = await run.ask(draft, what, account);
    if (!answer) continue;
    run.judge(operation, answer, what);
    last = answer.status;
    succeeded ||= answer.status < 300;
  }
  if (!succeeded && last > 0) {
    const sentence = `No valid request succeeds; the last answer is ${last}. So success responses are not checked. Add examples to the specification that exist at the provider.`;
    run.note(operation, 'success', 'not verifiable', sentence);
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
  const refuses = (how: string, text: string, statuses = [401, 403]): Promise<void> =>
    checkRefused(run, { ...valid, authorization: `Bearer ${text}` }, how, statuses);
  const anonymous = { ...valid, authorization: undefined };
  if (operation.security.optional) await checkAnonymous(run, anonymous);
  else await checkRefused(run, anonymous, 'without a token', [401, 403]);
  await refuses('with an invalid token', 'not-a-token');
  await refuses('with an altered token', alter(token));
  const expired = await expiredToken(run.provider);
  if (expired !== undefined) await refuses('with an expired token', expired);
  else {
    const sentence = 'This provider gives no expired token, so it is unknown whether it refuses one.';
    run.note(operation, 'expired token', 'not verifiable', sentence);
  }
  const needed = operation.security.credentials.scopes;
  const others = (run.api.flow?.scopes ?? []).filter((scope) => !needed.includes(scope));
  const [account] = run.accounts;
  if (!account || needed.length === 0 || others.length === 0) return;
  const other = await tokenOf(run.provider, run.api, account, others);
  // RFC 6750 section 3.1 answers a token without the scope with 403.
  if ('accessToken' in other) await refuses('with a token that lacks the scope', other.accessToken, [403, 401]);
}

async function checkAnonymous(run: Run, draft: RequestDraft): Promise<void> {
  const { operation } = draft;
  const what = `${operationName(operation)} without a token`;
  const answer = await run.ask(draft, what);
  if (!answer) return;
  if (answer.status === 401 || answer.status === 403) {
    const sentence = `${what} is answered ${answer.status}, but the specification makes the token optional.`;
    run.note(operation, 'authentication', 'broken', sentence, 'without a token');
  } else run.judge(operation, answer, what);
}

/** @param statuses of a refusal, the proper one first; if that one is documented, only it is accepted. */
async function checkRefused(run: Run, draft: RequestDraft, how: string, statuses: readonly number[]): Promise<void> {
  const { operation } = draft;
  const [best] = statuses;
  const allowed = operation.statuses.includes(String(best)) ? [best] : statuses;
  await expectRefusal(run, draft, `${operationName(operation)} ${how}`, {
    rule: 'authentication',
    way: how,
    allows: (status) => allowed.includes(status),
    demand: `but must be refused with ${allowed.join(' or ')}`,
  });
}

interface Refusal {
  rule: string;
  way: string;
  allows: (status: number) => boolean;
  /** The end of the sentence on an answer that is none. */
  demand: string;
  /** The sentence on a refusal; that of the answer unless given. */
  fine?: string;
}

/** Sends a request that must be refused. A refusal need not be documented; if it is, it is checked as well. */
async function expectRefusal(run: Run, draft: RequestDraft, what: string, refusal: Refusal): Promise<void> {
  const { operation } = draft;
  const { rule, way, allows, demand, fine } = refusal;
  const answer = await run.tempt(draft, what);
  if (!answer) return;
  const { status } = answer;
  if (!allows(status)) return run.note(operation, rule, 'broken', `${what} is answered ${status}, ${demand}.`, way);
  if (fine === undefined) run.note(operation, rule, 'holds', `${what} is refused with ${status}.`, way);
  else run.note(operation, rule, 'holds', fine);
  if (operation.statuses.includes(String(status))) run.judge(operation, answer, what);
}

/** The same token with another signature; of a token that is no JWT, another letter at its end. */
function alter(token: string): string {
  const at = Math.max(0, Math.min(token.length - 1, token.lastIndexOf('.') + 10));
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
}

/** Gateways often answer OPTIONS, HEAD and TRACE themselves, and rightly so. */
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
    const sentence = 'Undocumented methods might change data at a live provider. None was sent.';
    run.note(operation, 'method', 'not verifiable', sentence);
  }
  for (const method of possible) {
    const what = `${method} ${operation.path}`;
    const answer = await run.tempt({ ...valid, method, body: undefined }, what);
    if (answer) judgeMethod(run, operation, answer, what, known);
  }
}

/** The methods of the operation's path, and of other paths that match the request: `/a/{id}` and `/a/mine`. */
function knownMethods({ api }: Run, { operation: { serverPath, path }, parameters }: RequestDraft): string[] {
  const values = Object.fromEntries(parameters.map(({ parameter, value }) => [parameter.name, String(value)]));
  const own = api.operations.filter((other) => other.path === path).map(({ method }) => method.toUpperCase());
  return [...new Set([...own, ...api.finder.methodsAt(serverPath + fillTemplate(path, values))])];
}

function judgeMethod(
  run: Run,
  operation: Operation,
  { status, headers }: ProviderResponse,
  what: string,
  known: readonly string[],
): void {
  const mayBeMissing = run.api.operations.some(
    ({ path, statuses }) => path === operation.path && statuses.includes('404'),
  );
  if (status !== 405 && !(status === 404 && mayBeMissing)) {
    const sentence = `${what} is answered ${status}, but the specification has no such operation: it must be refused with 405.`;
    return run.note(operation, 'method', 'broken', sentence, what);
  }
  run.note(operation, 'method', 'holds', 'Undocumented methods are refused.');
  if (status === 404) return;
  const allowed = (headers.get('allow') ?? '').toUpperCase().split(/\s*,\s*/);
  const missing = known.filter((method) => !allowed.includes(method));
  if (missing.length === 0)
    return run.note(operation, 'Allow', 'holds', `The Allow header includes ${operation.method.toUpperCase()}.`);
  const sentence = `${what} is answered 405, but its Allow header lacks ${missing.join(', ')} (RFC 9110 section 15.5.6).`;
  run.note(operation, 'Allow', 'broken', sentence);
}

/** A client that does not exist: a wrong secret of a real one may lock it. */
const stranger = `Basic ${Buffer.from('arzamed-devkit-nobody:not-a-secret').toString('base64')}`;

/** Sends token requests that must be refused: without a client, with an unknown one, with an unknown grant type. */
async function checkClients(run: Run, valid: RequestDraft): Promise<void> {
  const body = { type: 'application/x-www-form-urlencoded', bytes: Buffer.from('grant_type=arzamed-devkit-none') };
  const trials = {
    'without a client': { ...valid, authorization: undefined },
    'with an unknown client': { ...valid, authorization: stranger },
    'with an unknown grant type': { ...valid, body },
  };
  for (const [how, draft] of Object.entries(trials)) {
    await expectRefusal(run, draft, `${operationName(valid.operation)} ${how}`, {
      rule: 'client',
      way: how,
      allows: (status) => [400, 401, 403].includes(status),
      demand: 'but must be refused with 400 or 401 (RFC 6749 section 5.2)',
    });
  }
}

interface Wrong {
  draft: RequestDraft;
  /** `parameter`, `required parameter`, `body`, `content type`. */
  rule: string;
  what: string;
}

async function checkRefusals(run: Run, valid: RequestDraft): Promise<void> {
  for (const { draft, rule, what } of [...wrongParameters(run, valid), ...wrongBodies(run, valid)]) {
    await expectRefusal(run, draft, `${operationName(valid.operation)} with ${what}`, {
      rule: `wrong ${rule}`,
      way: what,
      allows: (status) => status >= 400 && status < 500,
      demand: 'but the specification forbids it: it must be refused with 4xx',
      fine: `Requests with a wrong ${rule} are refused.`,
    });
  }
}

function wrongParameters({ api: { document }, samples }: Run, valid: RequestDraft): Wrong[] {
  // The path of the token endpoint is that of the token URL.
  if (valid.operation.issuesTokens) return [];
  return describeParameters(document, valid.operation).flatMap((parameter) => {
    const others = valid.parameters.filter(
      ({ parameter: other }) => other.name !== parameter.name || other.in !== parameter.in,
    );
    const name = `the ${parameter.in} parameter ${parameter.name}`;
    const wrong = textViolations(document, samples, parameter.schema).map(({ value, what }) => ({
      draft: { ...valid, parameters: [...others, { parameter, value }] },
      rule: 'parameter',
      what: `${what} for ${name}`,
    }));
    if (!parameter.required || parameter.in === 'path') return wrong;
    const missing = {
      draft: { ...valid, parameters: others },
      rule: 'required parameter',
      what: `nothing for ${name}`,
    };
    return [...wrong, missing];
  });
}

function wrongBodies({ api: { document }, samples }: Run, valid: RequestDraft): Wrong[] {
  const described = describeBody(document, valid.operation);
  if (!described || !valid.body) return [];
  const { type, schema, required } = described;
  const { bytes } = valid.body;
  const wrong = (what: string, body: RequestDraft['body'], rule = 'body'): Wrong => ({
    draft: { ...valid, body },
    rule,
    what,
  });
  const other = ['text/plain', 'application/xml'].find(
    (each) => !valid.operation.requestTypes.some((known) => isWithin(each, known)),
  );
  const parsed = isForm(type) ? Object.fromEntries(new URLSearchParams(bytes.toString())) : parseJson(bytes);
  return [
    ...bodyViolations(document, samples, schema, parsed)
      .filter(({ value }) => !isForm(type) || hasTexts(value))
      .map(({ value, what }) => wrong(what, { type, bytes: writeBody(type, value) })),
    ...(isJson(type) ? [wrong('truncated JSON', { type, bytes: Buffer.from('{"a":') })] : []),
    ...(required ? [wrong('no body', undefined)] : []),
    ...(other === undefined ? [] : [wrong(`its body as ${other}`, { type: other, bytes }, 'content type')]),
  ];
}

/** A form has texts alone: no server sees whether another type was meant. */
function hasTexts(value: unknown): boolean {
  const fields = fieldsOf(value);
  return fields !== undefined && Object.values(fields).every((each) => typeof each === 'string');
}
