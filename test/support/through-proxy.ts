// A program that goes through a proxy, step by step: each step can go wrong in a test of its own.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect as startTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { createAuthority } from '../../src/intercept/certificate-authority.ts';
import { startProxy, type Proxy, type ProxyOptions } from '../../src/intercept/proxy/proxy.ts';
import type { Handle } from '../../src/mock/http/server.ts';

/** The hosts that the proxies of tests play. */
export const played = ['api.clinic.test', 'photos.clinic.test'];

export interface TestProxy extends Proxy, AsyncDisposable {
  /** What programs have to trust. */
  certificate: string;
  /** What the proxy told of. */
  refused: string[];
  /** The first program that does not get through the TLS handshake, as `HOST: REASON`. */
  tlsRefused: Promise<string>;
}

/** Answers with what it was asked: `HOST METHOD URL body`. */
export function echo(host: string): Handle {
  return (request, response) => {
    void text(request)
      .then((body) => response.end(`${host} ${request.method} ${request.url} ${body}`))
      .catch(() => response.destroy());
  };
}

/** Starts a proxy that ends with the block. */
export async function startTestProxy(options: Partial<ProxyOptions> = {}): Promise<TestProxy> {
  const hosts = options.hosts ?? new Map(played.map((host) => [host, echo(host)]));
  const { authority = await createAuthority({ hosts: [...hosts.keys()], now: Date.now }) } = options;
  const refused: TestProxy['refused'] = [];
  const onRefused = (host: string): void => void refused.push(host);
  let onTlsRefused: (host: string, reason: string) => void = () => {};
  const tlsRefused = new Promise<string>((resolve) => {
    onTlsRefused = (host, reason) => resolve(`${host}: ${reason}`);
  });
  const proxy = await startProxy({ onRefused, onTlsRefused, ...options, authority, hosts });
  const { certificate } = authority;
  return { ...proxy, certificate, refused, tlsRefused, [Symbol.asyncDispose]: () => proxy.close() };
}

/** Opens a connection to a proxy. */
export async function open({ port }: Proxy): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** Asks for a tunnel and waits for the first line of the answer, which is given. */
export async function askTunnel(proxy: Proxy, target: string): Promise<{ socket: Socket; line: string }> {
  const socket = await open(proxy);
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
  const chunks: Buffer[] = [];
  while (!Buffer.concat(chunks).includes('\r\n\r\n')) {
    const chunk: unknown = socket.read() ?? (await once(socket, 'readable'), undefined);
    if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  }
  const whole = Buffer.concat(chunks);
  const end = whole.indexOf('\r\n\r\n') + 4;
  if (end < whole.length) socket.unshift(whole.subarray(end));
  return { socket, line: whole.toString('latin1', 0, whole.indexOf('\r\n')) };
}

/** Opens a tunnel and speaks TLS in it. Rejects with what the client says of the handshake. */
export async function secure(proxy: TestProxy, target: string, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const { socket, line } =
    options.socket === undefined ? await askTunnel(proxy, target) : { socket: options.socket, line: ' 200 ' };
  if (!/ 200 /.test(line)) throw new Error(line);
  const servername = target.replace(/:\d+$/, '');
  const tls = startTls({ socket, servername, ca: proxy.certificate, ...options });
  await once(tls, 'secureConnect');
  return tls;
}

/** Sends one request on a connection and reads until it ends. */
export async function exchange(connection: Socket, request: string): Promise<string> {
  connection.write(request);
  return text(connection);
}

/** A request as bytes, after whose answer the connection ends. */
export function get(target: string, host: string, ...headers: string[]): string {
  return [`GET ${target} HTTP/1.1`, `Host: ${host}`, 'Connection: close', ...headers, '', ''].join('\r\n');
}

/** What comes back of bytes that are sent to a proxy. */
export async function send(proxy: Proxy, bytes: string | Buffer): Promise<string> {
  const socket = await open(proxy);
  socket.write(bytes);
  return text(socket);
}
