import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageOf, Problem } from '../util/errors.ts';
import { displayPath } from '../util/files.ts';
import type { ClientCredentials } from './auth/authorization.ts';
import type { Clinic } from './clinics/clinic.ts';
import { readWorld, type Played } from './clinics/world.ts';
import { readOwnStates } from './control/own-states.ts';
import { noSuch } from '../util/did-you-mean.ts';
import { isOfBundledApi } from './clinics/account.ts';
import type { Controlled } from './control/router.ts';
import type { NamedScenario } from './control/read-scenarios.ts';
import { jsonReply, sendReply, type Reply } from './http/reply.ts';
import { Secrets } from './http/redact.ts';
import { emptyRecord, now, seenOf } from './http/record.ts';
import {
  closeServer,
  connectionsWithin,
  isLoopback,
  listen,
  makeServer,
  originForm,
  type Handle,
  type Refused,
} from './http/server.ts';
import { Mock, Sandboxes } from './instances.ts';
import { World } from './world.ts';
import { checkMoment, connectToStore, joinWorld, patiently, settingsOf } from './open-store.ts';
import { inMoment, moment } from './replica.ts';
import { Away, ownWorld, type Store } from './state/store.ts';
import { defaultLimits, defaultScenarios, type MockOptions } from './options.ts';
import { serveOwnPhotos, withOwnPhotos } from './photos.ts';
import { Answers } from './prism/answers.ts';
import { Bodies } from './prism/bodies.ts';
import { loadPrism } from './prism/engine.ts';
import { RequestJudge } from './prism/judge.ts';
import { howToMakeOne } from './routing/route.ts';
import { guarded, scheduleByTimer, sleepByTimer } from './state/environment.ts';
import { IssuedSecrets } from './state/issued-secrets.ts';
import { Memory } from './state/memory.ts';
import type { Answered } from './state/journal.ts';
import type { Ended } from './state/sandbox.ts';
import { makeSigningKey, readSigningKey, type SigningKey } from './state/signing-keys.ts';

interface Prepared {
  played?: Promise<Played> | Played;
  signingKey?: Promise<SigningKey> | undefined;
  memory?: Memory;
  /** Whether it keeps answers and verified tokens. */
  remembers?: boolean;
  /** Is told what is odd about the document, a sentence each, where that is found after the start. */
  warn?: (sentence: string) => void;
  /** Is told of each call of the control API. */
  controlled?: ((controlled: Controlled) => void) | undefined;
  /** Is told of each sandbox that ends before the mock. */
  ended?: (sandbox: Ended) => void;
  /** In place of that of the options. */
  store?: Store;
  /** Milliseconds within which the store answers. */
  patience?: number;
}

/**
 * Starts a mock of the API in this process.
 * @throws Problem if the specification, a clinic, the signing key or the address is invalid.
 */
export async function startMock(options: MockOptions = {}): Promise<Mock> {
  const mock = await openMock(options);
  try {
    await mock.load();
  } catch (error) {
    await mock.close();
    throw error;
  }
  return mock;
}

/** @internal The same, but tokens are issued before Prism is loaded, by `mock.load()` or by the first request. */
export async function openMock(
  options: MockOptions = {},
  {
    played,
    signingKey: made,
    memory = new Memory(),
    remembers = true,
    warn = () => {},
    ended = () => {},
    controlled,
    store: given,
    patience,
  }: Prepared = {},
): Promise<Mock> {
  const { host = '127.0.0.1', port = 0 } = options;
  // Other machines need the token.
  const { controlToken: token = isLoopback(host) ? undefined : randomUUID(), now: clock = Date.now } = options;
  if (token !== undefined) checkControlToken(token);
  const limits = { ...defaultLimits, ...options.limits };
  const publicUrl = options.publicUrl === undefined ? undefined : checkPublicUrl(options.publicUrl);
  const playing = Promise.resolve(played ?? readWorld(options));
  // Another thread makes the key meanwhile.
  const [{ api, clinics }, ownStates, ownKey] = await Promise.all([
    playing,
    options.providerStates === undefined ? new Map<string, never>() : readOwnStates(options.providerStates, playing),
    made ?? loadSigningKey(options.signingKey),
  ]);
  const scenariosOf = (document: Played['api']['document']): (() => Promise<readonly NamedScenario[]>) =>
    scenarioReader(options.scenarios ?? (isOfBundledApi(document) ? defaultScenarios : undefined));
  const readNamed = scenariosOf(api.document);
  const scenario = options.scenario === undefined ? undefined : await findScenario(options.scenario, readNamed);
  // A scenario that cannot be read is reported where it is needed.
  const settings =
    given || options.store
      ? settingsOf(options, { api, clinics }, ownKey.kid, ownStates, await readNamed().catch(messageOf))
      : {};
  const store = given ?? (await connectToStore(options, settings, patience));
  const answersOf = (of: Played['api']): Answers =>
    new Answers(() => loadPrism(of.document), { judge: new RequestJudge(of), bodies: new Bodies(of, warn) }, remembers);
  const connections = connectionsWithin(limits.connections);
  if (connections < limits.connections / 2) {
    warn(`The limit of open files (ulimit -n) leaves the mock ${connections} connections at a time; more are refused.`);
  }
  let started: World | undefined;
  const server = makeServer({ ...limits, connections }, (refused) => started && void noteRefused(started, refused));
  const closeAndThrow = async (error: unknown): Promise<never> => {
    await closeServer(server);
    await store?.close();
    throw error;
  };
  const url = await listen(server, host, port);
  const own = { url: publicUrl ?? url, signingKey: ownKey, controlToken: token };
  if (store) server.on('request', refuseWhileStarting);
  const joined = store && (await joinWorld(store, settings, own, warn).catch(closeAndThrow));
  const { signingKey, controlToken } = joined ?? own;
  const clinicsOf = (files: Played): Clinic[] =>
    options.rewritePhotos ? withOwnPhotos(files, (joined ?? own).url) : files.clinics;
  const secrets = new Secrets();
  const parts = {
    api,
    clinics: clinicsOf({ api, clinics }),
    photos: serveOwnPhotos({ api, clinics }),
    url: (joined ?? own).url,
    answers: answersOf(api),
    signingKey,
    secrets,
    issued: store && new IssuedSecrets(store, secrets),
    memory,
    errorStyle: options.errorStyle ?? 'rfc6749',
    ownStates,
    readScenarios: readNamed,
    scenario,
    recordsBodies: options.record === 'bodies',
    now: store ? () => moment()?.at ?? store.now() : clock,
    newId: store ? () => moment()?.newId() ?? randomUUID() : randomUUID,
    mayChange: store ? checkMoment : () => {},
    seed: options.seed ?? 1,
    sleep: options.sleep ?? sleepByTimer,
    schedule: options.schedule ?? scheduleByTimer,
    tell: options.onAnswer && guarded(options.onAnswer),
    tellReset: guarded(options.onReset),
    tellFinding: guarded(options.onFinding),
    tellEnd: ended,
    tellControl: guarded(controlled),
    knowsKey: (credentials: ClientCredentials): boolean => world.has(credentials) || sandboxes.have(credentials),
    controlToken,
    controlOrigin: controlToken === undefined ? url : (publicUrl ?? url),
    journalEntries: limits.journalEntries,
    verifiedTokens: remembers ? 1000 : 0,
  };
  const sandboxes = new Sandboxes(parts, limits, store);
  const world =
    store && joined
      ? inMoment(joined.made, () => {
          const lookAround = (): Promise<boolean> => sandboxes.lookAround();
          const remake: typeof joined.remake = async () => {
            const again = await joined.remake();
            Object.assign(parts, { url: again.url, signingKey: again.signingKey });
            return again;
          };
          const common = { store, name: ownWorld, made: joined.made, remake, lookAround, warn };
          return new World(parts, sandboxes.forControl(), common);
        })
      : new World(parts, sandboxes.forControl());
  await patiently(() => world.start()).catch(closeAndThrow);
  started = world;
  const look = (): void => void sandboxes.dropEnded().catch(() => {});
  const timer = store && setInterval(look, lookAtSandboxes).unref();
  const handle = dispatch(world, sandboxes, store !== undefined);
  server.off('request', refuseWhileStarting);
  server.on('request', handle);
  // Node by itself answers without a body, and the journal would not know.
  server.on('checkExpectation', handle);
  const close = async (): Promise<void> => {
    clearInterval(timer);
    sandboxes.close();
    world.close();
    await closeServer(server);
    await store?.close();
  };
  const reload = async (): Promise<string[]> => {
    if (store) return ['With a store the files are read at the start only.'];
    const next = readWorld(options);
    const [files, states] = await Promise.all([
      next,
      options.providerStates === undefined ? ownStates : readOwnStates(options.providerStates, next),
    ]);
    const readScenarios = scenariosOf(files.api.document);
    await readScenarios();
    const changed = {
      api: files.api,
      clinics: clinicsOf(files),
      photos: serveOwnPhotos(files),
      ownStates: states,
      readScenarios,
      answers: answersOf(files.api),
    };
    await changed.answers.load();
    return [...world.reload(changed), ...sandboxes.reload(changed)];
  };
  return new Mock({ reload, url, world, sandboxes, handle, controlToken, close });
}

/** Milliseconds between looks for sandboxes that other replicas have ended, whose memory is wanted back. */
const lookAtSandboxes = 5000;

/** Reads the scenarios of a folder once, when they are first needed. */
function scenarioReader(folder: string | undefined): () => Promise<readonly NamedScenario[]> {
  let reading: Promise<readonly NamedScenario[]> | undefined;
  const read = async (): Promise<readonly NamedScenario[]> => {
    if (folder === undefined) return [];
    const { readScenarios } = await import('./control/read-scenarios.ts');
    return readScenarios(folder);
  };
  return () => (reading ??= read());
}

/** @throws Problem if there is no such scenario. */
async function findScenario(name: string, read: () => Promise<readonly NamedScenario[]>): Promise<NamedScenario> {
  const all = await read();
  const found = all.find((each) => each.name === name);
  if (found) return found;
  const names = all.map((each) => each.name);
  const remedy = 'Name one of them, or a folder with --scenarios FOLDER.';
  throw new Problem({ code: 'option_invalid', what: noSuch('scenario', name, names), remedy });
}

/** Another replica may have the world's state, which comes first. */
function refuseWhileStarting(_request: IncomingMessage, response: ServerResponse): void {
  sendReply(response, jsonReply(503, { message: 'The mock is starting.' }, { 'Retry-After': '1' }));
}

/** Writes a request into the journal that could not be read. */
async function noteRefused(world: World, { status, head, socket }: Refused): Promise<void> {
  if (world.isShared) await world.learn().catch(() => {});
  const sandbox = world.current();
  const [, method = '?', path = '?'] = /^([A-Z-]{1,20}) ([!-~]{1,2000})(?= |$)/.exec(head) ?? [];
  const shown = sandbox.keys.secrets.redact(path.split('?')[0] ?? '');
  const record: Answered = { ...emptyRecord, method, path: shown, status, reason: 'unreadable' };
  world.record(record, seenOf(sandbox, { socket, headers: {} }, now(sandbox), record));
}

/** Leads a request to the sandbox at the start of its path, or to the mock's own world. */
function dispatch(own: World, sandboxes: Sandboxes, isShared: boolean): Handle {
  const lead = (id: string, request: IncomingMessage, response: ServerResponse): boolean => {
    const entered = sandboxes.enter(id);
    if (!entered) return false;
    response.once('close', entered.leave);
    entered.world.handle(request, response);
    return true;
  };
  const missing = (id: string): Reply => {
    const message = `There is no sandbox ${id}: it was ended, or was idle for too long. ${howToMakeOne}`;
    return jsonReply(404, { message });
  };
  const find = async (id: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const found = await sandboxes.find(id);
      if (!found || !lead(id, request, response)) sendReply(response, missing(id));
    } catch (error) {
      // Another error tells that it ended while it was opened.
      const away = error instanceof Away && jsonReply(503, { message: error.message }, { 'Retry-After': '1' });
      sendReply(response, away || missing(id));
    }
  };
  return (request, response) => {
    const target = originForm(request.url ?? '/');
    const [prefix = '', id = ''] =
      (target.startsWith('/s/') && /^\/s\/([\da-f]{8}-[\da-f-]{27})(?=[/?]|$)/.exec(target)) || [];
    request.url = prefix === '' ? target : target.slice(prefix.length).replace(/^(?!\/)/, '/');
    if (prefix === '') return own.handle(request, response);
    if (lead(id, request, response)) return;
    if (isShared) void find(id, request, response);
    else sendReply(response, missing(id));
  };
}

/** Returns the URL without a trailing slash. @throws Problem if it is not an http or https origin. */
function checkPublicUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed && /^https?:$/.test(parsed.protocol) && parsed.href === `${parsed.origin}/`) return parsed.origin;
  const what = 'The public URL cannot be used.';
  const expected = 'http or https, a host, perhaps a port, and nothing else: https://mock.example:8443';
  const remedy = 'Correct --public-url URL, or omit it if clients reach the mock where it listens.';
  throw new Problem({ code: 'public_url_unusable', what, facts: { expected }, remedy });
}

/** @throws Problem, which does not show the token, if it is not a bearer token (RFC 6750 section 2.1). */
function checkControlToken(token: string): string {
  if (/^[\w.~+/-]+=*$/.test(token)) return token;
  const what = 'The control token cannot be used as a bearer token.';
  const expected = 'letters, digits and -._~+/ only, with = at the end at most';
  const remedy = 'Choose another one with --control-token TOKEN or ARZAMED_CONTROL_TOKEN, or omit it.';
  throw new Problem({ code: 'control_token_unusable', what, facts: { expected }, remedy });
}

/** @internal Reads a PEM file, or makes a new key. @throws Problem if the file has no RSA private key. */
async function loadSigningKey(file: string | undefined): Promise<SigningKey> {
  if (file === undefined) return makeSigningKey();
  try {
    return await readSigningKey(await readFile(file, 'utf8'));
  } catch (cause) {
    const what = 'The signing key cannot be used.';
    const facts = { expected: 'an RSA private key in PEM', reason: messageOf(cause) };
    const remedy = 'Name such a file with --signing-key FILE, or omit the option to generate a key.';
    throw new Problem({ code: 'signing_key_unusable', what, where: displayPath(file), facts, remedy }, { cause });
  }
}
