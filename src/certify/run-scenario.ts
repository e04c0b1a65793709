import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { credentialsOf, type Discovery } from '../intercept/discovery.ts';
import type { ClinicCredentials } from '../intercept/child/environment.ts';
import { interceptedHosts } from '../intercept/hosts.ts';
import { openInterception } from '../intercept/intercept.ts';
import { jsonReply, sendReply } from '../mock/http/reply.ts';
import type { Handle } from '../mock/http/server.ts';
import type { Played } from '../mock/clinics/world.ts';
import type { Mock } from '../mock/instances.ts';
import { servedOperations } from '../mock/routing/paths.ts';
import { openMock } from '../mock/start-mock.ts';
import type { SigningKey } from '../mock/state/signing-keys.ts';
import type { Api } from '../openapi/api.ts';
import type { Operation } from '../openapi/operations.ts';
import { parseJson, parseObject } from '../util/json.ts';
import { changedAnswer, textsIn } from './answers.ts';
import { lackingIn, type Evidence } from './evidence.ts';
import { runProgram, type Program } from './program.ts';
import type { CertifyScenario } from './scenarios.ts';

/** What all scenarios share. */
export interface Setting {
  played: Played;
  discovery: Discovery;
  signingKey: SigningKey;
  program: Program;
  /** Runs it; by default as a process. */
  run?: typeof runProgram;
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
  /** As its `Content-Type` says, without parameters. */
  mediaType: string;
  /** Whether the program shows the texts of the answer. */
  showsTexts: boolean;
}

/** A host that has nothing to do with any API. */
const otherHost = 'elsewhere.example';

/** Where scenarios are run one after the other: a mock and the interception of its hosts. */
export interface Stage extends AsyncDisposable {
  mock: Mock;
  credentials: ClinicCredentials;
  env: Readonly<Record<string, string>>;
  /** The requests to the other host since the last call. */
  takeElsewhere: () => Evidence['elsewhere'];
  /** Resolves when the journal has all requests of a program that has ended, also those that it gave up. */
  settled: () => Promise<void>;
}

/** Milliseconds for the last requests of a program that has ended, and between two looks at them. */
const mostSettling = 1000;
const lookEvery = 5;

/** @throws Problem if the mock or the interception cannot be opened. */
export async function openStage(
  setting: Setting,
  { lifetime, untrusted }: Partial<CertifyScenario> = {},
): Promise<Stage> {
  const { played, discovery, signingKey, clinic, envPrefix, allowNetwork } = setting;
  const { origin } = discovery;
  const api = { ...played.api };
  if (lifetime !== undefined) api.tokens = { ...api.tokens, lifetime };
  const own = { played: { ...played, api }, signingKey: Promise.resolve(signingKey) };
  const mock = await openMock({ publicUrl: origin, record: 'bodies' }, own);
  try {
    const credentials = credentialsOf(discovery, origin ?? mock.url, clinic);
    await mock.load();
    let asked = 0;
    const handle: Handle = (request, response) => {
      asked += 1;
      mock.handle(request, response);
    };
    const handles = await interceptedHosts(own.played, handle);
    let elsewhere: Evidence['elsewhere'][number][] = [];
    handles.set(otherHost, (request, response) => void receive(request, response, elsewhere));
    const interception = await openInterception({
      credentials,
      hosts: [...handles.keys()],
      handleOf: (host) => handles.get(host) ?? handle,
      own: handle,
      allowNetwork,
      envPrefix,
      untrusted,
    });
    return {
      mock,
      credentials,
      env: interception.child.env,
      takeElsewhere: () => {
        const taken = elsewhere;
        elsewhere = [];
        return taken;
      },
      async settled() {
        const until = performance.now() + mostSettling;
        while (mock.journal.newest < asked && performance.now() < until) await wait(lookEvery);
        asked = 0;
      },
      async [Symbol.asyncDispose]() {
        await interception[Symbol.asyncDispose]();
        await mock.close();
      },
    };
  } catch (error) {
    await mock.close();
    throw error;
  }
}

/** Runs the program in one scenario. @param usual what the usual scenario showed; undefined for that one itself. */
export async function runScenario(
  scenario: CertifyScenario,
  { played, program, run = runProgram, clinic, discovery, patience, signal }: Setting,
  { mock, credentials, env, takeElsewhere, settled }: Stage,
  usual?: Usual,
): Promise<{ evidence: Evidence; shown: Usual | undefined }> {
  const { api } = played;
  const tokenOperations = servedOperations(api).flatMap(({ id, issuesTokens }) => (issuesTokens ? [id] : []));
  const account = clinic ?? discovery.clinics[0]?.id ?? '';
  const answer = usual && answerOf(scenario, api, usual);
  mock.reset();
  if (usual) {
    const { operation } = usual;
    if (scenario.answer) mock.answers.replace(account, operation.id, answer);
    scenario.arrange?.({
      mock,
      target: operation.id,
      token: tokenOperations[0],
      clientId: credentials.clientId,
      elsewhere: `https://${otherHost}/`,
    });
  }
  const again = scenario.waits && (scenario.lifetime ?? 0) * 1000 + 300;
  const ended = await run(program, { env, patience, again, signal });
  await settled();
  const entries = mock.journal.find();
  // Before requests of our own.
  const findings = mock.findings.conclude();
  const shown = usual ?? (await findUsual(mock, api.operations, tokenOperations, credentials, ended));
  const evidence = {
    scenario: scenario.id,
    target: shown?.operation.id ?? '',
    tokenOperations,
    entries,
    findings,
    ended,
    printedSecret: ended.some(({ output }) => mock.hasSecret(output)),
    elsewhere: takeElsewhere(),
    showsTexts: shown?.showsTexts ?? false,
    texts: textsIn(answer ?? shown?.body),
  };
  return { evidence, shown };
}

/** Another answer in a scenario; undefined where the document allows none, or it has the usual one. */
function answerOf({ answer }: CertifyScenario, api: Api, { operation, body }: Usual): unknown {
  return typeof answer === 'string' ? changedAnswer(api, operation, body, answer) : answer?.body;
}

/** Why a scenario shows nothing of this program; undefined if it may show something. */
export function cannotShow(scenario: CertifyScenario, { program, played }: Setting, usual: Usual): string | undefined {
  const { waits, answer } = scenario;
  if (waits && program.trigger === undefined) {
    return 'The program has to run longer than a token lives. Run it with --trigger.';
  }
  if (!answer || answerOf(scenario, played.api, usual) !== undefined) return undefined;
  return 'The document allows no such answer here.';
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
  ended: Evidence['ended'],
): Promise<Usual | undefined> {
  const call = mock.journal
    .find()
    .find(
      ({ operationId = '', status = 0 }) =>
        operationId !== '' && !tokenOperations.includes(operationId) && status < 300,
    );
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
  const bearer = { Authorization: `Bearer ${String(token)}` };
  const again = call.method === 'GET' ? await fetch(url, { headers: bearer }) : undefined;
  const body = again?.ok === true ? parseJson(await again.text()) : undefined;
  const texts = textsIn(body);
  const output = ended.at(-1)?.output ?? '';
  const [mediaType = ''] = (again?.headers.get('content-type') ?? '').split(';');
  return { operation, body, mediaType, showsTexts: texts.length > 0 && lackingIn(output, texts).length === 0 };
}
