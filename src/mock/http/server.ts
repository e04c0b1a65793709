import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readdirSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { codeOf, Problem } from '../../util/errors.ts';
import type { Limits } from '../options.ts';

/**
 * An HTTP server with limits that answers an unreadable request with a JSON message.
 * @param note is told of each request that was refused here; without it the server may be a proxy.
 */
export function makeServer(
  { connections, headerBytes, headerSeconds, requestSeconds }: Limits,
  note?: (refused: Refused) => void,
): Server {
  const server = createServer({
    maxHeaderSize: headerBytes,
    // Node's default of 5 s can close a connection just as a client sends its next request.
    keepAliveTimeout: 65_000,
    headersTimeout: headerSeconds * 1000,
    requestTimeout: requestSeconds * 1000,
    // Node checks for slow requests at this interval; with its default of 30 s the limits would be late by as much.
    connectionsCheckingInterval: Math.min(1000, headerSeconds * 500),
  });
  let open = 0;
  const counted = new WeakSet<Socket>();
  server.on('connection', (socket) => {
    // What a proxy serves within a tunnel is no further connection.
    if ('encrypted' in socket || counted.has(socket)) return;
    counted.add(socket);
    open += 1;
    socket.once('close', () => (open -= 1));
    if (open > connections)
      refuse(socket, { status: 503, message: `The mock has ${connections} open connections, no more.` });
  });
  const underWay = new WeakMap<Socket, ServerResponse[]>();
  server.on('request', (request, response) => {
    const { socket } = request;
    if (!response.shouldKeepAlive) closeBehind(request);
    const onSocket = underWay.get(socket) ?? [];
    while (onSocket[0]?.closed) onSocket.shift();
    onSocket.push(response);
    underWay.set(socket, onSocket);
  });
  server.on('clientError', (error: unknown, socket: Socket) => {
    const mistake = mistakes[codeOf(error) ?? ''] ?? unreadable;
    if (codeOf(error) !== 'ECONNRESET' && socket.writable) note?.({ ...mistake, head: headIn(error), socket });
    // The answers to earlier requests on the same connection come first.
    const before = underWay.get(socket)?.findLast(({ closed, req }) => !closed && req.complete);
    if (before) before.once('close', () => refuse(socket, mistake));
    else refuse(socket, mistake);
  });
  if (note) {
    server.on('connect', ({ method, url }, socket) => {
      const mistake = { status: 405, message: 'The mock is no proxy; `arzamed exec` has one.' };
      note({ ...mistake, head: `${method} ${url}`, socket });
      refuse(socket, mistake);
    });
  }
  return server;
}

/**
 * Reads what still comes of a request after its answer, the last one of the connection. If nothing read it, the system would
 * refuse it, and the answer could be lost with it.
 */
function closeBehind(request: IncomingMessage): void {
  const { socket } = request;
  const close = socket.destroySoon.bind(socket);
  socket.destroySoon = () => {
    if (request.complete) return close();
    socket.end();
    request.once('close', close).resume();
  };
}

/** A request that was refused before it could be read. */
export interface Refused {
  status: number;
  /** What there is of its first line. */
  head: string;
  socket: object;
}

function headIn(error: unknown): string {
  const packet: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'rawPacket') : undefined;
  return Buffer.isBuffer(packet) ? packet.toString('latin1', 0, 2000) : '';
}

/** How many connections the process may have, by its limit of open files; Node and the mock need some themselves. */
export function connectionsWithin(most: number): number {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    const files = Number(/^Max open files +(\d+)/m.exec(limits)?.[1]);
    const used = readdirSync('/proc/self/fd').length;
    return Number.isNaN(files) ? most : Math.max(1, Math.min(most, files - used - 16));
  } catch {
    // Other systems have no such files.
    return most;
  }
}

const mistakes: Partial<Record<string, { status: number; message: string }>> = {
  HPE_HEADER_OVERFLOW: { status: 431, message: 'The head of the request is too large.' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, message: 'The request did not come to its end in time.' },
};

const unreadable = { status: 400, message: 'The request is not HTTP that can be read.' };

function refuse(socket: Duplex, { status, message }: { status: number; message: string }): void {
  if (!socket.writable) return void socket.destroy();
  const body = JSON.stringify({ message });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

/** The target in origin form: a client of a proxy sends the whole URL (RFC 9112 section 3.2.2). */
export function originForm(target: string): string {
  if (target.startsWith('/')) return target;
  const rest = /^https?:\/\/[^/?#]+(.*)$/is.exec(target)?.[1];
  return rest?.replace(/^(?!\/)/, '/') ?? target;
}

/** Closes the server when the requests under way have ended, after half a second at most. */
export async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise((resolve) => server.close(resolve));
  const timer = setTimeout(() => server.closeAllConnections(), 500);
  await closed;
  clearTimeout(timer);
}

export type Handle = (request: IncomingMessage, response: ServerResponse) => void;

/** Listens, and returns the URL without a trailing slash. @throws Problem if the address cannot be used. */
export async function listen(server: Server, host: string, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(explain(error, host, port)));
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return `http://${reachable(host)}:${bound}`;
}

function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

function explain(cause: Error, host: string, port: number): Error {
  if (codeOf(cause) === 'EADDRINUSE') {
    const what = `Port ${port} on ${host} is in use by another program.`;
    const remedy = 'Stop that program, or choose another port with --port PORT; --port 0 takes a free one.';
    return new Problem({ code: 'address_in_use', what, remedy }, { cause });
  }
  const what = `The mock cannot listen on ${host}, port ${port}.`;
  const remedy = 'Choose another address with --host HOST and --port PORT.';
  return new Problem({ code: 'address_unavailable', what, facts: { reason: cause.message }, remedy }, { cause });
}

/** Whether only this machine reaches the host. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
