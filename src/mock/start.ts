import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { readApi } from '../spec/api.ts';
import { serverUrl } from '../spec/server.ts';
import { Answers } from './answers.ts';
import { readClinics } from './clinics/read-clinics.ts';
import { listen } from './listen.ts';
import { Mock } from './mock.ts';
import { defaultClinics, defaultSpec, type MockOptions } from './options.ts';
import { loadSigningKey } from './load-signing-key.ts';
import { checkPublicUrl } from './public-url.ts';
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
  } = options;
  const publicUrl = options.publicUrl === undefined ? undefined : checkPublicUrl(options.publicUrl);
  const api = await readApi(options.spec ?? defaultSpec);
  const clinics = await readClinics(options.clinics ?? defaultClinics, api);
  const [answers, signingKey] = await Promise.all([Answers.load(api.document), loadSigningKey(options.signingKey)]);
  const server = createServer();
  const url = await listen(server, host, port);
  const reached = publicUrl ?? url;
  const world = new World({
    api,
    clinics,
    url: reached,
    answers,
    signingKey,
    errorStyle,
    now,
    newId: randomUUID,
    seed,
    sleep,
    tell,
  });
  server.on('request', (request, response) => world.handle(request, response));
  const baseUrl = reached + serverUrl(api.document.servers).pathname.replace(/\/$/, '');
  return new Mock(api, url, baseUrl, world, () => closeServer(server));
}

/** Milliseconds that requests under way have to end when the mock is closed. */
const grace = 1000;

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise((resolve) => server.close(resolve));
  const timer = setTimeout(() => server.closeAllConnections(), grace);
  await closed;
  clearTimeout(timer);
}
