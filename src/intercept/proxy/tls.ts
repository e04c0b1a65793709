import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext, createServer } from 'node:tls';
import { callbackify } from 'node:util';
import { codeOf, messageOf } from '../../util/errors.ts';
import type { Authority } from '../certificate-authority.ts';
import { programBehind } from '../programs.ts';
import { say } from './respond.ts';
import type { Target } from './target.ts';
import { established } from './tunnel.ts';

interface Interception {
  authority: Authority;
  /** Whether requests to a host are answered here. */
  intercepts: (host: string) => boolean;
  /** Milliseconds to wait for the first byte, and for the handshake. */
  patience: number;
  /** The time in milliseconds since 1970. */
  now: () => number;
  /** Receives each HTTP connection and its host. */
  serve: (connection: Duplex, host: string) => void;
  onTlsRefused: (host: string, reason: string, program?: string) => void;
}

/** The first byte of a TLS connection: a handshake record (RFC 8446 section 5.1). */
const handshake = 0x16;

/** A program that refuses TLS is gone when that is seen, so it is looked for before: of so many connections. */
const mostLooks = 50;

/** Makes the server end of intercepted tunnels: TLS if the program starts with it, otherwise plain HTTP. */
export function interceptTunnels(interception: Interception): (program: Duplex, target: Target) => Promise<void> {
  const { patience, serve, now, onTlsRefused } = interception;
  let looks = 0;
  const terminate = terminateTls(interception);
  return async (program, target) => {
    const who = (looks += 1) > mostLooks ? undefined : programBehind(program);
    const began = now();
    program.write(established);
    const first = await firstByte(program, patience);
    if (first === undefined) {
      if (target.port === 443) onTlsRefused(target.host, hungUp('before', now() - began), who);
      program.destroy();
    } else if (first === handshake) await terminate(program, target.host, who);
    else if (target.port === 443) say(program, 400, `Port 443 of ${target.host} requires TLS.`);
    else serve(program, target.host);
  };
}

/**
 * Makes a server for each connection, which costs less than a millisecond: the authority renews certificates, and a
 * server's connections do not tell their tunnels.
 *
 * It presents the certificate of the host requested by SNI if that is intercepted too, otherwise that of the tunnel,
 * which the program then refuses.
 */
function terminateTls(parts: Interception): (program: Duplex, host: string, who?: string) => Promise<void> {
  const { authority, intercepts, patience, now, serve, onTlsRefused } = parts;
  const shown = async (name: string): Promise<{ cert: string; key: string }> => {
    const { certificate, privateKey } = await authority.leafFor(name);
    return { cert: certificate, key: privateKey };
  };
  return async (program, host, who) => {
    const began = now();
    const server = createServer({
      ...(await shown(host)),
      handshakeTimeout: patience,
      ALPNProtocols: ['http/1.1', 'http/1.0'],
      SNICallback: callbackify(async (servername: string) => {
        const name = servername.toLowerCase();
        return name !== host && intercepts(name) ? createSecureContext(await shown(name)) : undefined;
      }),
    });
    server.on('secureConnection', (connection) => {
      const name = typeof connection.servername === 'string' ? connection.servername.toLowerCase() : host;
      const meant = intercepts(name) ? name : host;
      // TLS has no reset: it is one of the tunnel.
      connection.resetAndDestroy = () => {
        if (program instanceof Socket) program.resetAndDestroy();
        return connection.destroy();
      };
      connection.once('close', () => {
        // Some programs check the certificate only after the handshake.
        if (connection.bytesRead === 0) onTlsRefused(meant, hungUp('after', now() - began), who);
      });
      serve(connection, meant);
    });
    server.on('tlsClientError', (error, connection) => {
      onTlsRefused(host, refusalOf(error, now() - began), who);
      // All other failures end the connection after the alert.
      if (codeOf(error) === 'ERR_TLS_HANDSHAKE_TIMEOUT') connection.destroy();
    });
    // TLS announces its end itself; an end without that means that the program has hung up.
    program.allowHalfOpen = false;
    if (!program.destroyed) server.emit('connection', program);
  };
}

/** Peeks at the first byte of a connection; undefined if it closes first, or after the timeout. */
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

/** Why the TLS handshake failed, as the rest of "The program …". */
function refusalOf(error: unknown, milliseconds: number): string {
  const code = codeOf(error) ?? '';
  if (/^(ECONNRESET|EPIPE)$/.test(code)) return hungUp('during', milliseconds);
  const known = refusals.find(([pattern]) => pattern.test(code));
  return known ? known[1] : `failed in the handshake: ${messageOf(error)}`;
}

const refusals: readonly (readonly [RegExp, string])[] = [
  [/ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_\w+|UNSUPPORTED_CERTIFICATE)$/, 'does not trust the certificate'],
  [/NO_APPLICATION_PROTOCOL$/, 'speaks no HTTP/1.1'],
  [/^ERR_TLS_HANDSHAKE_TIMEOUT$/, 'did not finish the handshake in time'],
];

/** Who does not trust a certificate leaves at once. */
function hungUp(when: 'before' | 'during' | 'after', milliseconds: number): string {
  const isLate = milliseconds >= 900;
  const guess = isLate ? 'its own time limit may be too short' : 'it may not trust the certificate';
  return `hung up ${when} the handshake${isLate ? ` after ${(milliseconds / 1000).toFixed(1)} s` : ''}; ${guess}`;
}
