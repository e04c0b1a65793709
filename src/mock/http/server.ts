import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { codeOf, Problem } from '../../util/errors.ts';
import type { Limits } from '../options.ts';

/** Milliseconds for which a connection may be idle between two requests. */
const keepAlive = 65_000;

/** An HTTP server that keeps to limits, and answers what it cannot read with a sentence. */
export function makeServer({ connections, headerBytes, headerSeconds, requestSeconds }: Limits): Server {
  const server = createServer({
    maxHeaderSize: headerBytes,
    // Node's own 5 s end under the hands of a client that sends its next request just then.
    keepAliveTimeout: keepAlive,
    headersTimeout: headerSeconds * 1000,
    requestTimeout: requestSeconds * 1000,
    // Node looks for slow requests at this interval; its own 30 s would let the limits slip by as much.
    connectionsCheckingInterval: Math.min(1000, headerSeconds * 500),
  });
  server.maxConnections = connections;
  const underWay = new WeakMap<Socket, ServerResponse[]>();
  server.on('request', ({ socket }, response) => {
    const onSocket = underWay.get(socket) ?? [];
    while (onSocket[0]?.closed) onSocket.shift();
    onSocket.push(response);
    underWay.set(socket, onSocket);
  });
  server.on('clientError', (error: unknown, socket: Socket) => {
    const mistake = mistakes[codeOf(error) ?? ''] ?? unreadable;
    // Where a client sends several requests in one go, the answers to those before come first.
    const before = underWay.get(socket)?.findLast(({ closed, req }) => !closed && req.complete);
    if (before) before.once('close', () => refuse(socket, mistake));
    else refuse(socket, mistake);
  });
  return server;
}

/** The mistakes that Node's parser finds, by the codes of their errors. */
const mistakes: Partial<Record<string, { status: number; message: string }>> = {
  HPE_HEADER_OVERFLOW: { status: 431, message: 'The head of the request is too large.' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, message: 'The request did not come to its end in time.' },
};

const unreadable = { status: 400, message: 'The request is not HTTP that can be read.' };

function refuse(socket: Socket, { status, message }: { status: number; message: string }): void {
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

/** A target as a server is asked for it: a client that takes it for a proxy sends the whole URL (RFC 9112 section 3.2.2). */
export function originForm(target: string): string {
  if (target.startsWith('/')) return target;
  const rest = /^https?:\/\/[^/?#]+(.*)$/is.exec(target)?.[1];
  return rest?.replace(/^(?!\/)/, '/') ?? target;
}

/** Milliseconds that requests under way have to end when the server is closed. */
const grace = 1000;

/** Takes no more connections, and ends when what is under way has ended. */
export async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise((resolve) => server.close(resolve));
  const timer = setTimeout(() => server.closeAllConnections(), grace);
  await closed;
  clearTimeout(timer);
}

export type Handle = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Starts to listen.
 * @returns the URL of the server, without a slash at its end.
 * @throws Problem if the port is in use, or the host is not one of this machine.
 */
export async function listen(server: Server, host: string, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(explain(error, host, port)));
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return `http://${reachable(host)}:${bound}`;
}

/** The host under which a client on this machine reaches the server. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

function explain(error: Error, host: string, port: number): Error {
  if (codeOf(error) === 'EADDRINUSE') {
    return new Problem(
      {
        code: 'address_in_use',
        what: `Port ${port} on ${host} is in use by another program.`,
        remedy: 'Stop that program, or choose another port with --port PORT; --port 0 takes a free one.',
      },
      { cause: error },
    );
  }
  return new Problem(
    {
      code: 'address_unavailable',
      what: `The mock cannot listen on ${host}, port ${port}.`,
      facts: { reason: error.message },
      remedy: 'Choose another address with --host HOST and --port PORT.',
    },
    { cause: error },
  );
}

/** Whether a host, as a URL or an option names it, is reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
