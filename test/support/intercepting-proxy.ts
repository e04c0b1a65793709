import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { makeTestAuthority } from './test-authority.ts';

/** A proxy that takes the tunnels to some hosts itself, over real TLS, and refuses all others. Ends with the block. */
export interface InterceptingProxy extends AsyncDisposable {
  url: string;
  /** The certificate of the authority that its clients must trust, in PEM. */
  authority: string;
  /** What clients asked it for: `CONNECT host:port`, and inside the tunnels `GET https://host/path`. */
  seen: string[];
}

/** Starts a proxy that hands the requests to `hosts` to the server at `target`. */
export async function startInterceptingProxy(hosts: readonly string[], target: string): Promise<InterceptingProxy> {
  const { authority, certificate, key } = await makeTestAuthority(hosts);
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const inside = createTlsServer({ cert: certificate, key }, (incoming, response) => {
    seen.push(`${incoming.method} https://${incoming.headers.host}${incoming.url}`);
    forward(incoming, response, target);
  });
  const proxy = createServer((incoming, response) => {
    seen.push(`${incoming.method} ${incoming.url}`);
    response.writeHead(403).end('This proxy is for tunnels alone.\n');
  });
  proxy.on('connection', (socket) => sockets.add(socket));
  proxy.on('connect', ({ url = '' }: IncomingMessage, socket: Socket, head: Buffer) => {
    seen.push(`CONNECT ${url}`);
    socket.on('error', () => socket.destroy());
    if (hosts.includes(url.replace(/:443$/, ''))) {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      socket.unshift(head);
      inside.emit('connection', socket);
    } else socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  return {
    url: `http://127.0.0.1:${await listen(proxy)}`,
    authority,
    seen,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}

function forward(incoming: IncomingMessage, response: ServerResponse, target: string): void {
  const { method, headers } = incoming;
  const outgoing = request(new URL(incoming.url ?? '/', target), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.on('error', () => response.destroy());
  incoming.pipe(outgoing);
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It does not listen on a port.');
  return address.port;
}
