import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { messageOf, Problem } from '../util/errors.ts';
import { displayPath } from '../util/files.ts';
import { readWorld, type Played } from './clinics/world.ts';
import { dispatch } from './http/dispatch.ts';
import { closeServer, isLoopback, listen, makeServer } from './http/server.ts';
import { Mock, Sandboxes, World } from './instances.ts';
import { defaultLimits, type MockOptions } from './options.ts';
import { Answers } from './prism/answers.ts';
import { loadPrism } from './prism/engine.ts';
import { guarded, scheduleByTimer } from './state/environment.ts';
import { makeSigningKey, readSigningKey, type SigningKey } from './state/signing-keys.ts';
import type { Credentials } from './token/basic-credentials.ts';

/** Parts of a mock that exist before it is opened. */
interface Prepared {
  played?: Promise<Played> | Played;
  signingKey?: Promise<SigningKey> | undefined;
  /** False for a mock that keeps no answer and no verified token. */
  remembers?: boolean;
}

/**
 * Starts a mock of the API in this process.
 * @throws Problem, with a `code` and a message for people, if the specification, a clinic, the signing key or the
 * address is invalid.
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
 * @internal The same, but it issues tokens before Prism is loaded, which takes longest. All else waits for that: it begins
 * with `mock.load()`, or with the first request that needs it.
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
    onAnswer,
    onReset,
    onFinding,
  } = options;
  // Other machines need the token.
  const { controlToken = isLoopback(host) ? undefined : randomUUID() } = options;
  if (controlToken !== undefined) checkControlToken(controlToken);
  const limits = { ...defaultLimits, ...options.limits };
  const publicUrl = options.publicUrl === undefined ? undefined : checkPublicUrl(options.publicUrl);
  // Another thread makes the key meanwhile.
  const [{ api, clinics }, signingKey] = await Promise.all([
    played ?? readWorld(options),
    made ?? loadSigningKey(options.signingKey),
  ]);
  const answers = new Answers(() => loadPrism(api.document), remembers);
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
    tell: guarded(onAnswer),
    tellReset: guarded(onReset),
    tellFinding: guarded(onFinding),
    knowsKey: (credentials: Credentials): boolean => world.has(credentials) || sandboxes.have(credentials),
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

/**
 * The URL without a slash at its end.
 * @throws Problem if it is not an http or https URL, or has more than an origin: the mock's paths follow directly.
 */
export function checkPublicUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed && /^https?:$/.test(parsed.protocol) && parsed.href === `${parsed.origin}/`) return parsed.origin;
  throw new Problem({
    code: 'public_url_unusable',
    what: 'The public URL cannot be used.',
    facts: { expected: 'http or https, a host, perhaps a port, and nothing else: https://mock.example:8443' },
    remedy: 'Correct --public-url URL, or leave it out if clients reach the mock where it listens.',
  });
}

/** @throws Problem, which does not show the token, if the token is no bearer token of RFC 6750 section 2.1. */
export function checkControlToken(token: string): string {
  if (/^[\w.~+/-]+=*$/.test(token)) return token;
  throw new Problem({
    code: 'control_token_unusable',
    what: 'The control token cannot be used as a bearer token.',
    facts: { expected: 'letters, digits and -._~+/ only, with = at the end at most' },
    remedy: 'Choose another one with --control-token TOKEN or ARZAMED_CONTROL_TOKEN, or leave it out.',
  });
}

/**
 * @internal The key of a PEM file; a new one without a file.
 * @throws Problem if the file cannot be read, or holds no RSA private key.
 */
export async function loadSigningKey(file: string | undefined): Promise<SigningKey> {
  if (file === undefined) return makeSigningKey();
  try {
    return await readSigningKey(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Problem(
      {
        code: 'signing_key_unusable',
        what: 'The signing key cannot be used.',
        where: displayPath(file),
        facts: { expected: 'an RSA private key in PEM', reason: messageOf(error) },
        remedy: 'Name such a file with --signing-key FILE, or omit the option to generate a key.',
      },
      { cause: error },
    );
  }
}
