import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { readApi } from '../spec/api.ts';
import { Answers } from './answers.ts';
import { readClinics } from './clinics/read-clinics.ts';
import { checkControlToken } from './control-token.ts';
import { dispatch } from './dispatch.ts';
import { defaultLimits } from './limits.ts';
import { listen } from './listen.ts';
import { loadSigningKey } from './load-signing-key.ts';
import { isLoopback } from './loopback.ts';
import { Mock } from './mock.ts';
import { defaultClinics, defaultSpec, type MockOptions } from './options.ts';
import { checkPublicUrl } from './public-url.ts';
import { Sandboxes } from './sandboxes.ts';
import { closeServer, makeServer } from './serve.ts';
import { World } from './world.ts';

/**
 * Starts a mock of the API in this process.
 * @throws Problem, with a `code` and a message for people, if the specification, a clinic, the signing key or the
 * address is no good.
 */
export async function startMock(options: MockOptions = {}): Promise<Mock> {
  const {
    host = '127.0.0.1',
    port = 0,
    errorStyle = 'rfc6749',
    now = Date.now,
    seed = 1,
    sleep = wait,
    onAnswer: tell = () => {},
    onFinding: tellFinding = () => {},
  } = options;
  // Whoever is not on this machine has to show that he may.
  const { controlToken = isLoopback(host) ? undefined : randomUUID() } = options;
  if (controlToken !== undefined) checkControlToken(controlToken);
  const limits = { ...defaultLimits, ...options.limits };
  const publicUrl = options.publicUrl === undefined ? undefined : checkPublicUrl(options.publicUrl);
  const api = await readApi(options.spec ?? defaultSpec);
  const clinics = await readClinics(options.clinics ?? defaultClinics, api);
  const [answers, signingKey] = await Promise.all([Answers.load(api.document), loadSigningKey(options.signingKey)]);
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
    tell,
    tellFinding,
    controlToken,
    journalEntries: limits.journalEntries,
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
  return new Mock({ api, url, world, sandboxes, handle, controlToken, close });
}
