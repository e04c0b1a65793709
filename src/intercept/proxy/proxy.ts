import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { isLoopback, listen, makeServer, originForm, type Handle } from '../../mock/http/server.ts';
import { defaultLimits, type Limits } from '../../mock/options.ts';
import type { Authority } from '../certificate-authority.ts';
import { Connections } from './connections.ts';
import { forward } from './forward.ts';
import { answer, say } from './respond.ts';
import { parseAbsoluteForm, parseAuthorityForm, targetOf } from './target.ts';
import { interceptTunnels } from './tls.ts';
import { directly, through, tunnel } from './tunnel.ts';

export interface ProxyOptions {
  /** Who answers requests to which host, whatever the port. Hosts are in small letters, addresses without brackets. */
  hosts: ReadonlyMap<string, Handle>;
  /** Answers requests that are for the proxy's own address, as for a server. Default: they are refused. */
  own?: Handle | undefined;
  /** Signs for these hosts. */
  authority: Authority;
  /** Whether other hosts may be reached. Default: no. Those of this machine always are. */
  allowNetwork?: boolean | undefined;
  /** The proxy through which the network is reached, with credentials if it asks for some. Default: none. */
  upstream?: URL | undefined;
  /** Is told of each request to a host that may not be reached. */
  onRefused?: ((host: string) => void) | undefined;
  /** Is told why a program did not get through the TLS handshake with a host, as the rest of "The program …". */
  onTlsRefused?: ((host: string, reason: string) => void) | undefined;
  limits?: Partial<Limits> | undefined;
}

/** A running proxy. */
export interface Proxy {
  /** `http://127.0.0.1:PORT`. */
  url: string;
  port: number;
  /** Ends it and every connection, at once. */
  close(): Promise<void>;
}

/** Starts an HTTP proxy for programs of this machine, which plays some hosts itself. */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const { hosts, authority, allowNetwork = false, upstream, onRefused = () => {}, onTlsRefused = () => {} } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const server = makeServer(limits);
  const connections = new Connections();
  /** The host at the other end, where a connection is the inside of a tunnel. */
  const inside = new WeakMap<Duplex, string>();
  const intercept = interceptTunnels({
    authority,
    intercepts: (host) => hosts.has(host),
    patience: limits.headerSeconds * 1000,
    serve: (connection, host) => {
      inside.set(connection, host);
      server.emit('connection', connection);
    },
    onTlsRefused: (host, reason) => {
      if (!connections.ended) onTlsRefused(host, reason);
    },
  });
  const passes = (host: string): boolean => allowNetwork || isLoopback(host);
  const upstreamFor = (host: string): URL | undefined => (isLoopback(host) ? undefined : upstream);
  const refuse = (host: string): string => {
    onRefused(host);
    return `${host} is not one of the hosts that are mocked, and the network is off.`;
  };

  server.on('connection', (socket: Socket) => {
    if (isLoopback(socket.remoteAddress ?? '')) connections.add(socket);
    else socket.destroy();
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const url = parseAbsoluteForm(request.url ?? '');
    const host = inside.get(request.socket) ?? (url && targetOf(url).host);
    if (host === undefined && options.own) return options.own(request, response);
    if (host === undefined) return answer(response, 400, 'This is a proxy: ask it for a whole URL, or by CONNECT.');
    const handle = hosts.get(host);
    if (handle) {
      request.url = originForm(request.url ?? '/');
      return handle(request, response);
    }
    if (!url || !passes(host)) return answer(response, 403, refuse(host));
    return forward(request, response, url, upstreamFor(host), connections);
  });
  server.on('connect', (request: IncomingMessage, program: Duplex, head: Buffer) => {
    if (inside.has(program)) return say(program, 400, 'This is the inside of a tunnel, and no proxy.');
    const target = parseAuthorityForm(request.url ?? '');
    if (!target) return say(program, 400, 'CONNECT asks for HOST:PORT, and this is something else.');
    if (head.length > 0) program.unshift(head);
    if (hosts.has(target.host)) return void intercept(program, target);
    if (!passes(target.host)) return say(program, 403, refuse(target.host));
    const via = upstreamFor(target.host);
    return void tunnel(program, target, via ? through(via) : directly, connections);
  });

  const url = await listen(server, '127.0.0.1', 0);
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    connections.end();
    await closed;
  };
  return { url, port: Number(new URL(url).port), close };
}
