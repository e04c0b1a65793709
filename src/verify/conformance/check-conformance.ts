import type { Api } from '../../openapi/api.ts';
import { methods } from '../../openapi/document.ts';
import { operationName, type Operation } from '../../openapi/operations.ts';
import { fillTemplate } from '../../openapi/path-template.ts';
import { documentedStatus } from '../../openapi/responses.ts';
import { fieldsOf, parseJson } from '../../util/json.ts';
import { isForm, isJson, isWithin } from '../../util/media-type.ts';
import type { ProviderResponse } from '../provider/exchange.ts';
import { providerSilent } from '../provider/judge-interaction.ts';
import type { Presentation } from '../provider/present.ts';
import type { Provider } from '../provider/provider.ts';
import type { Verdict } from '../verdict.ts';
import { accountsOf } from './access.ts';
import { checkAuthentication, checkClients, presentationsFor, tokensOf } from './check-access.ts';
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
    const presentations = presentationsFor(run, operation, tokens);
    const draft = presentations && (await checkAnswers(run, operation, presentations));
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

/**
 * Sends valid requests and checks the answers.
 * @param presentations what each account presents; nothing where the operation is open.
 * @returns a valid request, for the other checks to start from.
 */
async function checkAnswers(
  run: Run,
  operation: Operation,
  presentations: readonly Presentation[],
): Promise<RequestDraft | undefined> {
  const [own, ...further] = presentations;
  const drafts = validDrafts(run, operation).map((draft) => ({ ...draft, presented: own?.presented }));
  const [first] = drafts;
  if (!first) return undefined;
  const others = further.map(({ presented }) => ({ ...first, presented }));
  let succeeded = false;
  let last = 0;
  for (const [index, draft] of distinct([...drafts, ...others]).entries()) {
    const account = operation.issuesTokens
      ? run.accounts[presentations.findIndex(({ presented }) => presented === draft.presented)]
      : undefined;
    const what = `${index === 0 ? 'A' : 'Another'} valid ${operationName(operation)}`;
    const answer = await run.ask(draft, what, account);
    if (!answer) continue;
    // That is what it should answer to a request without what it asks for.
    if (own && own.missing.length > 0 && (answer.status === 401 || answer.status === 403)) return undefined;
    run.judge(operation, answer, what);
    last = answer.status;
    succeeded ||= answer.status < 300;
  }
  if (succeeded || last === 0) return first;
  const fails = (last >= 500 || last === 429) && documentedStatus(operation.statuses, last) !== undefined;
  // That a failure is documented does not make it an answer to every valid request; of another one, its status is broken.
  if (fails) run.note(operation, 'success', 'broken', `Every valid request fails; the last answer is ${last}.`);
  else {
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
      return [JSON.stringify([values, draft.body?.bytes.toString('hex'), draft.presented]), draft];
    }),
  );
  return [...byText.values()];
}

/** Gateways often answer OPTIONS, HEAD and TRACE themselves, and rightly so. */
const tried = methods
  .filter((method) => !['options', 'head', 'trace'].includes(method))
  .map((method) => method.toUpperCase());

/**
 * Sends the methods that a path does not have: they must be answered 405, with those that it has in `Allow`; or 404, where
 * the document has that or no 405: many servers know routes by path and method together.
 */
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
  const own = run.api.operations.filter(({ path }) => path === operation.path);
  const documented = new Set(own.flatMap(({ statuses }) => statuses));
  const mayBeMissing = documented.has('404') || !documented.has('405');
  if (status !== 405 && !(status === 404 && mayBeMissing)) {
    const sentence = `${what} is answered ${status}, but the specification has no such operation: it must be refused with 405.`;
    return run.note(operation, 'method', 'broken', sentence, what);
  }
  run.note(operation, 'method', 'holds', 'Undocumented methods are refused.');
  if (status === 404) return;
  const allowed = (headers.get('allow') ?? '').toUpperCase().split(/(?<!\s)\s*,\s*/);
  const missing = known.filter((method) => !allowed.includes(method));
  if (missing.length === 0)
    return run.note(operation, 'Allow', 'holds', `The Allow header includes ${operation.method.toUpperCase()}.`);
  const sentence = `${what} is answered 405, but its Allow header lacks ${missing.join(', ')} (RFC 9110 section 15.5.6).`;
  run.note(operation, 'Allow', 'broken', sentence);
}

interface Wrong {
  draft: RequestDraft;
  /** `parameter`, `required parameter`, `body`, `content type`. */
  rule: string;
  what: string;
}

async function checkRefusals(run: Run, valid: RequestDraft): Promise<void> {
  for (const { draft, rule, what } of [...wrongParameters(run, valid), ...wrongBodies(run, valid)]) {
    await run.expectRefusal(draft, `${operationName(valid.operation)} with ${what}`, {
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
