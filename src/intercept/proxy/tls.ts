import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Authority } from '../certificate-authority.ts';
import { firstByte } from '../../offline/proxy/first-byte.ts';
import { say } from './respond.ts';
import { authorityForm, type Target } from './target.ts';
import { terminateTls } from '../../offline/proxy/terminate.ts';
import { leftSilently } from '../../offline/proxy/tls-refusal.ts';
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
