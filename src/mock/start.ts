import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { readApi } from '../spec/api.ts';
import { serverUrl } from '../spec/server.ts';
import { Answers } from './answers.ts';
import { createApp } from './app.ts';
import { keyStatus, type KeyStatus } from './clinics/clinic.ts';
import { readClinics } from './clinics/read-clinics.ts';
import { listen } from './listen.ts';
import { Sandbox } from './sandbox.ts';
import { makeSigningKeys } from './signing-keys.ts';

/** The specification that comes along. */
export const defaultSpec = fileURLToPath(new URL('../../openapi/arzamed.yaml', import.meta.url));

/** The clinics that come along. */
export const defaultClinics = fileURLToPath(new URL('../../mocks/clinics', import.meta.url));

export interface MockOptions {
  /** Where to listen. Default `127.0.0.1`, which only this machine reaches. */
  host?: string;
  /** Default 0: a free port, so that tests can run at the same time. */
  port?: number;
  /** An OpenAPI 3.0 or 3.1 file. Default: the one that comes along. */
  spec?: string;
  /** A folder with one YAML file for each clinic. Default: the ones that come along. */
  clinics?: string;
  /** The time in milliseconds since 1970. Default: the machine's. */
  now?: () => number;
}

/** What a client needs to know of one clinic of the mock. */
export interface MockClinic {
  clinic: string;
  tokenUrl: string;
  keys: { clientId: string; clientSecret: string; status: KeyStatus }[];
}

/** A running mock. Ends with `close()`, or by itself at the end of the block with `await using`. */
export interface Mock extends AsyncDisposable {
  /** `http://127.0.0.1:4010`, without a slash at the end. */
  readonly url: string;
  /** The URL under which the paths of the specification stand: `http://127.0.0.1:4010/api/v1`. */
  readonly baseUrl: string;
  readonly clinics: readonly MockClinic[];
  /** Ends the mock: what is under way is answered, for at most one second. */
  close(): Promise<void>;
}

/**
 * Starts a mock of the API in this process.
 * @throws Problem, with a `code` and a message for people, if the specification, a clinic or the address is no good.
 */
export async function startMock(options: MockOptions = {}): Promise<Mock> {
  const {
    host = '127.0.0.1',
    port = 0,
    spec = defaultSpec,
    clinics: folder = defaultClinics,
    now = Date.now,
  } = options;
  const api = await readApi(spec);
  const clinics = await readClinics(folder, api);
  const [answers, signingKeys] = await Promise.all([Answers.load(api.document), makeSigningKeys()]);
  const server = createServer();
  const url = await listen(server, host, port);
  const sandbox = new Sandbox({ api, clinics, url, answers, signingKeys, now, newId: randomUUID });
  server.on('request', createApp(sandbox));
  const close = (): Promise<void> => closeServer(server);
  return {
    url,
    baseUrl: url + serverUrl(api.document.servers).pathname.replace(/\/$/, ''),
    clinics: clinics.map((clinic) => ({
      clinic: clinic.id,
      tokenUrl: sandbox.tokenUrl(clinic.id),
      keys: clinic.keys.map((key) => ({
        clientId: key.clientId,
        clientSecret: key.clientSecret,
        status: keyStatus(key, now()),
      })),
    })),
    close,
    [Symbol.asyncDispose]: close,
  };
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
