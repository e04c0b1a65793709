import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { credentialsOf, type Discovery } from '../intercept/discovery.ts';
import type { ClinicCredentials } from '../intercept/child/environment.ts';
import { interceptedHosts } from '../intercept/hosts.ts';
import { openInterception } from '../intercept/intercept.ts';
import { jsonReply, sendReply } from '../mock/http/reply.ts';
import type { Played } from '../mock/clinics/world.ts';
import type { Mock } from '../mock/instances.ts';
import { servedOperations } from '../mock/routing/paths.ts';
import { openMock } from '../mock/start-mock.ts';
import type { SigningKey } from '../mock/state/signing-keys.ts';
import type { Operation } from '../openapi/operations.ts';
import { parseJson, parseObject } from '../util/json.ts';
import { changedAnswer, textsIn } from './answers.ts';
import type { Evidence } from './evidence.ts';
import { runProgram, type Program } from './program.ts';
import type { Scenario } from './scenarios.ts';

/** What all scenarios share. */
export interface Setting {
  played: Played;
  discovery: Discovery;
  signingKey: SigningKey;
  program: Program;
  clinic?: string | undefined;
  envPrefix?: string | undefined;
  allowNetwork?: boolean | undefined;
  /** Milliseconds that a run may take. */
  patience: number;
  signal: AbortSignal;
}

/** What the usual scenario showed of the program. */
export interface Usual {
  /** The operation that it calls. */
  operation: Operation;
  /** What that answers. */
  body: unknown;
}

/** A host that has nothing to do with any API. */
const otherHost = 'elsewhere.example';

/** Runs the program in one scenario. @param usual what the usual scenario showed; undefined for that one itself. */
export async function runScenario(
  scenario: Scenario,
  setting: Setting,
  usual?: Usual,
): Promise<{ evidence: Evidence; shown: Usual | undefined }> {
  const { played, discovery, program, clinic, envPrefix, allowNetwork, patience, signal } = setting;
  const api = { ...played.api };
  if (scenario.lifetime !== undefined) api.tokens = { ...api.tokens, lifetime: scenario.lifetime };
  const tokenOperations = servedOperations(api).flatMap(({ id, issuesTokens }) => (issuesTokens ? [id] : []));
  const evidence: Evidence = {
    scenario: scenario.id,
    target: usual?.operation.id ?? '',
    tokenOperations,
    entries: [],
    findings: [],
    ended: [],
    printedSecret: false,
    elsewhere: [],
    texts: [],
  };
  const skipped = (reason: string) => ({ evidence: { ...evidence, skipped: reason }, shown: undefined });
  if (scenario.waits && program.trigger === undefined) {
    return skipped('The program has to run longer than a token lives. Run it with --trigger.');
  }
  const answer = usual && scenario.answer && changedAnswer(api, usual.operation, usual.body, scenario.answer);
  if (scenario.answer && answer === undefined) return skipped('The document allows no such answer here.');

  const { origin } = discovery;
  await using mock = await openMock(
    { publicUrl: origin, record: 'bodies' },
    { played: { ...played, api }, signingKey: Promise.resolve(setting.signingKey) },
  );
  const credentials = credentialsOf(discovery, origin ?? mock.url, clinic);
  const account = clinic ?? discovery.clinics[0]?.id ?? '';
  await mock.load();
  if (answer !== undefined) mock.answers.replace(account, evidence.target, answer);
  scenario.arrange?.({
    mock,
    target: evidence.target,
    token: tokenOperations[0],
    clinic: account,
    clientId: credentials.clientId,
    elsewhere: `https://${otherHost}/`,
  });
  const elsewhere: Evidence['elsewhere'][number][] = [];
  const handles = await interceptedHosts({ ...played, api }, mock.handle);
  handles.set(otherHost, (request, response) => void receive(request, response, elsewhere));
  await using interception = await openInterception({
    credentials,
    hosts: [...handles.keys()],
    handleOf: (host) => handles.get(host) ?? mock.handle,
    own: mock.handle,
    allowNetwork,
    envPrefix,
    untrusted: scenario.untrusted,
  });
  const ended = await runProgram(program, {
    env: interception.child.env,
    patience,
    again: scenario.waits && (scenario.lifetime ?? 0) * 1000 + 300,
    signal,
  });
  const entries = mock.journal.find();
  // Before requests of our own.
  const findings = mock.findings.conclude();
  const shown = usual ?? (await findUsual(mock, api.operations, evidence.tokenOperations, credentials));
  return {
    evidence: {
      ...evidence,
      target: shown?.operation.id ?? '',
      entries,
      findings,
      ended,
      printedSecret: ended.some(({ output }) => mock.hasSecret(output)),
      elsewhere,
      texts: textsIn(answer ?? shown?.body),
    },
    shown,
  };
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  elsewhere: Evidence['elsewhere'][number][],
): Promise<void> {
  const body = await text(request).catch(() => '');
  const carriedCredentials = request.headers.authorization !== undefined || /client_secret=/.test(body);
  elsewhere.push({ carriedCredentials });
  sendReply(response, jsonReply(404, { message: 'This host has nothing to do with the API.' }));
}

/** The first call of the program that succeeded, and what it answers now. */
async function findUsual(
  mock: Mock,
  operations: readonly Operation[],
  tokenOperations: readonly string[],
  { tokenUrl, clientId, clientSecret }: ClinicCredentials,
): Promise<Usual | undefined> {
  const call = mock.journal
    .find()
    .find(({ operationId = '', status = 0 }) => operationId !== '' && !tokenOperations.includes(operationId) && status < 300);
  const operation = operations.find(({ id }) => id === call?.operationId);
  if (!call || !operation) return undefined;
  const at = (url: string): URL => new URL(new URL(url).pathname, mock.url);
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  const headers = { Authorization: `Basic ${basic}` };
  const form = new URLSearchParams({ grant_type: 'client_credentials', scope: mock.api.scopes.join(' ') });
  const answered = await fetch(at(tokenUrl), { method: 'POST', headers, body: form });
  const { access_token: token } = parseObject(await answered.text()) ?? {};
  const url = new URL(call.path, mock.url);
  for (const [name, values] of Object.entries(call.request?.query ?? {})) {
    for (const value of values) url.searchParams.append(name, value);
  }
  const body = call.method === 'GET' ? await fetch(url, { headers: { Authorization: `Bearer ${String(token)}` } }) : undefined;
  return { operation, body: body?.ok === true ? parseJson(await body.text()) : undefined };
}
