import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import { connect } from 'node:net';
import { pipeline, type Duplex } from 'node:stream';
import { messageOf } from '../../util/errors.ts';
import type { Connections } from './connections.ts';
import { say } from './respond.ts';
import { authorityForm, tunnelTargetOf, type Target } from './target.ts';

export const established = 'HTTP/1.1 200 Connection Established\r\n\r\n';

/** Connects a program with its target and lets the bytes pass, whatever they are. */
export async function tunnel(program: Duplex, target: Target, reach: Reach, connections: Connections): Promise<void> {
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  program.once('close', leave);
  try {
    const remote = await reach(target, gone.signal);
    connections.add(remote);
    program.off('close', leave);
    program.write(established);
    pipeline(program, remote, () => {});
    pipeline(remote, program, () => {});
  } catch (error) {
    say(program, 502, `${authorityForm(target)} cannot be reached: ${messageOf(error)}.`);
  }
}

/**
 * Opens a connection on which a program can speak to its target.
 * @throws Error if it cannot be reached, or the signal came first.
 */
type Reach = (target: Target, signal: AbortSignal) => Promise<Duplex>;

export const directly: Reach = async ({ host, port }, signal) => {
  const socket = connect({ host, port, allowHalfOpen: true });
  try {
    await once(socket, 'connect', { signal });
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return socket;
};

/** By `CONNECT` through another proxy. */
export function through(upstream: URL): Reach {
  return (target, signal) =>
    new Promise((resolve, reject) => {
      const path = authorityForm(target);
      const headers = { Host: path, ...credentialsFor(upstream) };
      const options = { ...tunnelTargetOf(upstream), method: 'CONNECT', path, headers, agent: false, signal };
      const asked = upstream.protocol === 'https:' ? https.request(options) : http.request(options);
      asked.on('error', reject);
      asked.on('connect', ({ statusCode = 0 }, socket, head) => {
        if (statusCode >= 200 && statusCode < 300) {
          socket.unshift(head);
          resolve(socket);
        } else {
          socket.destroy();
          reject(new Error(`the proxy ${upstream.host} answers ${statusCode}`));
        }
      });
      asked.end();
    });
}

/** The header by which a proxy is told who asks, if its URL says so. */
export function credentialsFor({ username, password }: URL): Record<string, string> {
  if (username === '') return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'Proxy-Authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}
