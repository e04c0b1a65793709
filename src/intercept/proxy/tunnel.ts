import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import { connect } from 'node:net';
import { pipeline, type Duplex } from 'node:stream';
import { messageOf } from '../../util/errors.ts';
import { say } from './respond.ts';
import { resolvable, authorityForm, tunnelTargetOf, type Target } from './target.ts';

export const established = 'HTTP/1.1 200 Connection Established\r\n\r\n';

/** All connections of a proxy, closed with it. */
export class Connections {
  readonly #open = new Set<Duplex>();
  #ended = false;

  get ended(): boolean {
    return this.#ended;
  }

  add(connection: Duplex): void {
    if (this.#ended) connection.destroy();
    if (this.#open.has(connection)) return;
    this.#open.add(connection);
    // The other end may break it; its users see that it is closed.
    connection.on('error', () => {});
    connection.once('close', () => this.#open.delete(connection));
  }

  end(): void {
    this.#ended = true;
    for (const connection of this.#open) connection.destroy();
  }
}

/** Connects a program with its target. */
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

/** Opens a connection to a target. @throws Error if it cannot be reached, or the signal aborts. */
type Reach = (target: Target, signal: AbortSignal) => Promise<Duplex>;

export const directly: Reach = async (target, signal) => {
  const socket = connect({ ...resolvable(target), allowHalfOpen: true });
  try {
    await once(socket, 'connect', { signal });
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return socket;
};

/** Reaches a target by `CONNECT` through another proxy. */
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

/** The header with the credentials of a proxy's URL, if any. Like curl, it keeps a `%` that begins no escape. */
export function credentialsFor({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const credentials = `${username}:${password}`.replaceAll(/%([\da-f]{2})/gi, (_, digits: string) =>
    String.fromCodePoint(Number.parseInt(digits, 16)),
  );
  return { 'Proxy-Authorization': `Basic ${Buffer.from(credentials, 'latin1').toString('base64')}` };
}
