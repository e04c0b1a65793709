import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext, createServer, type Server, type TLSSocket } from 'node:tls';
import { callbackify } from 'node:util';
import { codeOf, messageOf } from '../../util/errors.ts';
import type { Authority } from '../certificate-authority.ts';
import { say } from './respond.ts';
import { authorityForm, type Target } from './target.ts';
import { established } from './tunnel.ts';

interface Interception {
  authority: Authority;
  /** Whether requests to a host are to be answered here. */
  intercepts: (host: string) => boolean;
  /** Milliseconds that a program may take for its first byte, and for the handshake. */
  patience: number;
  /** Gets each connection on which HTTP will be spoken, and the host that it is meant for. */
  serve: (connection: Duplex, host: string) => void;
  onTlsRefused: (host: string, reason: string) => void;
}

/** The first byte of a TLS connection: a handshake record (RFC 8446 section 5.1). */
const handshake = 0x16;

/** Makes what plays the other end of a tunnel: with TLS if the program begins with it, and plain HTTP otherwise. */
export function interceptTunnels(interception: Interception): (program: Duplex, target: Target) => Promise<void> {
  const { authority, intercepts, patience, serve, onTlsRefused } = interception;
  const take = (connection: Socket, host: string): void => {
    connection.once('close', () => {
      if (connection.bytesRead === 0) onTlsRefused(host, leftSilently);
    });
    serve(connection, host);
  };
  const terminate = terminateTls({ authority, intercepts, handshakeTimeout: patience, take, refused: onTlsRefused });
  return async (program, target) => {
    program.write(established);
    const first = await firstByte(program, patience);
    if (first === undefined) program.destroy();
    else if (first === handshake) await terminate(program, target.host);
    else if (target.port === 443) say(program, 400, `${authorityForm(target)} speaks TLS, and what came is not TLS.`);
    else serve(program, target.host);
  };
}

interface Terminator {
  authority: Authority;
  /** Whether requests to a host are to be answered here. */
  intercepts: (host: string) => boolean;
  /** Milliseconds that a handshake may take. */
  handshakeTimeout: number;
  /** Gets each connection that has become plain, and the host that it is meant for. */
  take: (connection: TLSSocket, host: string) => void;
  /** Is told why a program did not get so far. */
  refused: (host: string, reason: string) => void;
}

/** Makes what takes the TLS off connections that were opened to a host. */
function terminateTls(parts: Terminator): (connection: Duplex, host: string) => Promise<void> {
  const servers = new Map<string, Promise<Server>>();
  return async (connection, host) => {
    const server = servers.get(host) ?? makeServer(host, parts);
    servers.set(host, server);
    const terminator = await server;
    // TLS has its own way to say that nothing more will come; without it, the program has hung up.
    connection.allowHalfOpen = false;
    if (!connection.destroyed) terminator.emit('connection', connection);
  };
}

/**
 * A server for the connections that were opened to one host. It shows the certificate of the host that the program asks
 * for in the handshake (SNI) if that is intercepted too, and otherwise that of its own, which the program then refuses.
 */
async function makeServer(
  host: string,
  { authority, intercepts, handshakeTimeout, take, refused }: Terminator,
): Promise<Server> {
  const shown = async (name: string): Promise<{ cert: string; key: string }> => {
    const { certificate, privateKey } = await authority.leafFor(name);
    return { cert: certificate, key: privateKey };
  };
  const server = createServer({
    ...(await shown(host)),
    handshakeTimeout,
    ALPNProtocols: ['http/1.1'],
    SNICallback: callbackify(async (servername: string) => {
      const name = servername.toLowerCase();
      return name !== host && intercepts(name) ? createSecureContext(await shown(name)) : undefined;
    }),
  });
  server.on('secureConnection', (connection) => {
    const name = typeof connection.servername === 'string' ? connection.servername.toLowerCase() : host;
    take(connection, intercepts(name) ? name : host);
  });
  server.on('tlsClientError', (error, connection) => {
    refused(host, refusalOf(error));
    // All other failures end the connection by themselves, after the alert.
    if (codeOf(error) === 'ERR_TLS_HANDSHAKE_TIMEOUT') connection.destroy();
  });
  return server;
}

/**
 * Waits for the first byte on a connection, and leaves it there to be read.
 * @returns undefined where the connection ends before, or nothing comes in time.
 */
function firstByte(connection: Duplex, milliseconds: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const settle = (byte: number | undefined): void => {
      clearTimeout(timer);
      connection.off('readable', look);
      connection.off('close', end);
      resolve(byte);
    };
    const look = (): void => {
      const bytes: unknown = connection.read();
      if (bytes instanceof Uint8Array) connection.unshift(bytes);
      settle(bytes instanceof Uint8Array ? bytes[0] : undefined);
    };
    const end = (): void => settle(undefined);
    const timer = setTimeout(end, milliseconds);
    connection.on('readable', look);
    connection.on('close', end);
  });
}

/** Why a program did not get through the TLS handshake, as the rest of "The program …". */
function refusalOf(error: unknown): string {
  const code = codeOf(error) ?? '';
  const known = refusals.find(([pattern]) => pattern.test(code));
  return known ? known[1] : `failed in the handshake: ${messageOf(error)}`;
}

const refusals: readonly (readonly [RegExp, string])[] = [
  [/ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_\w+|UNSUPPORTED_CERTIFICATE)$/, 'does not trust the certificate'],
  [/NO_APPLICATION_PROTOCOL$/, 'speaks no HTTP/1.1'],
  [/^ERR_TLS_HANDSHAKE_TIMEOUT$/, 'did not finish the handshake in time'],
  [/^(ECONNRESET|EPIPE)$/, 'hung up during the handshake; it may not trust the certificate'],
];

/** All that is known where a program leaves between handshake and request: some look at the certificate only then. */
const leftSilently = 'hung up after the handshake; it may not trust the certificate';
