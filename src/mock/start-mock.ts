import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Answers } from './prism/answers.ts';
import { checkControlToken } from './control-token.ts';
import { dispatch } from './http/dispatch.ts';
import { defaultLimits } from './limits.ts';
import { listen } from './listen.ts';
import { Loading } from './loading.ts';
import { loadPrism } from './prism/engine.ts';
import { loadSigningKey } from './load-signing-key.ts';
import { isLoopback } from './loopback.ts';
import { Mock } from './instances.ts';
import type { MockOptions } from './options.ts';
import { checkPublicUrl } from './public-url.ts';
import { readWorld, type Played } from './clinics/world.ts';
import { Sandboxes } from './sandboxes.ts';
import { scheduleByTimer } from './state/environment.ts';
import { closeServer, makeServer } from './http/server.ts';
import type { SigningKey } from './state/signing-keys.ts';
import type { Credentials } from './token/basic-credentials.ts';
import { World } from './world.ts';

/** What of a mock may be there before it is opened. */
interface Prepared {
  /** What it is to play. */
  played?: Promise<Played> | Played;
  signingKey?: Promise<SigningKey> | undefined;
  /** False for a mock that works out each answer anew, to compare another one with. */
  remembers?: boolean;
}

/**
 * Starts a mock of the API in this process.
 * @throws Problem, with a `code` and a message for people, if the specification, a clinic, the signing key or the
 * address is no good.
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

/**
 * @internal The same, but it gives tokens before Prism is loaded, which takes longest. All else waits for that: it begins with
 * `mock.load()`, or with the first request that needs it.
 * @param prepared what there is of it already.
 */
export async function openMock(
  options: MockOptions = {},
  { played, signingKey: made, remembers = true }: Prepared = {},
): Promise<Mock> {
  const {
    host = '127.0.0.1',
    port = 0,
    errorStyle = 'rfc6749',
    now = Date.now,
    seed = 1,
    sleep = wait,
    schedule = scheduleByTimer,
    onAnswer: tell = () => {},
    onReset: tellReset = () => {},
    onFinding: tellFinding = () => {},
  } = options;
  // Whoever is not on this machine has to show that he may.
  const { controlToken = isLoopback(host) ? undefined : randomUUID() } = options;
  if (controlToken !== undefined) checkControlToken(controlToken);
  const limits = { ...defaultLimits, ...options.limits };
  const publicUrl = options.publicUrl === undefined ? undefined : checkPublicUrl(options.publicUrl);
  // Another thread makes the key meanwhile.
  const [{ api, clinics }, signingKey] = await Promise.all([
    played ?? readWorld(options),
    made ?? loadSigningKey(options.signingKey),
  ]);
  const answers = new Answers(new Loading(() => loadPrism(api.document)), remembers);
  const server = makeServer(limits);
  const url = await listen(server, host, port);
  const parts = {
    api,
    clinics,
    url: publicUrl ?? url,
    answers,
    signingKey,
    errorStyle,
    now,
    newId: randomUUID,
    seed,
    sleep,
    schedule,
    tell,
    tellReset,
    tellFinding,
    knowsKey: (credentials: Credentials): boolean =>
      world.controls.keys.have(credentials) || sandboxes.have(credentials),
    controlToken,
    journalEntries: limits.journalEntries,
    verifiedTokens: remembers ? 1000 : 0,
  };
  const sandboxes = new Sandboxes(parts, limits);
  const world = new World(parts, sandboxes);
  const handle = dispatch(world, sandboxes);
  server.on('request', handle);
  const close = async (): Promise<void> => {
    sandboxes.close();
    world.close();
    await closeServer(server);
  };
  return new Mock({ api, answers, url, world, sandboxes, handle, controlToken, close });
}
