import type { Duplex } from 'node:stream';
import { createSecureContext, createServer, type Server, type TLSSocket } from 'node:tls';
import { callbackify } from 'node:util';
import { codeOf } from '../../spec/thrown.ts';
import type { Authority } from '../../intercept/certificate-authority.ts';
import { refusalOf } from './tls-refusal.ts';

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
export function terminateTls(parts: Terminator): (connection: Duplex, host: string) => Promise<void> {
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
