import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { isLoopback, listen, makeServer, originForm, type Handle } from '../../mock/http/server.ts';
import { defaultLimits, type Limits } from '../../mock/options.ts';
import { messageOf } from '../../util/errors.ts';
import type { Authority } from '../certificate-authority.ts';
import { thisMachine, type Machine } from '../machine.ts';
import { programBehind } from '../programs.ts';
import type { InheritedProxies } from '../upstream.ts';
import { forward } from './forward.ts';
import { say, sendLine } from './respond.ts';
import { parseAbsoluteForm, parseAuthorityForm, tunnelTargetOf } from './target.ts';
import { interceptTunnels } from './tls.ts';
import { Connections, directly, through, tunnel } from './tunnel.ts';

export interface ProxyOptions {
  /** Host to handler, for any port. Hosts are in lower case, IPv6 addresses without brackets. */
  hosts: ReadonlyMap<string, Handle>;
  /** Answers requests to the proxy's own address. Default: they are refused. */
  own?: Handle | undefined;
  authority: Authority;
  /** Whether to pass on requests to other hosts. Default: to this machine only. */
  allowNetwork?: boolean | undefined;
  machine?: Machine | undefined;
  /** The proxies to the network. Default: none. */
  upstream?: Pick<InheritedProxies, 'proxyFor'> | undefined;
  /** The time in milliseconds since 1970. */
  now?: (() => number) | undefined;
  /** Called with a function that names the program, where that can be found out. */
  onRefused?: ((host: string, program: () => string | undefined) => void) | undefined;
  /** Called with the reason why a TLS handshake failed, as the rest of "The program …", and the program if it is known. */
  onTlsRefused?: ((host: string, reason: string, program?: string) => void) | undefined;
  limits?: Partial<Limits> | undefined;
}

export interface Proxy {
  /** `http://127.0.0.1:PORT`. */
  url: string;
  port: number;
  /** Closes it and every connection at once. */
  close(): Promise<void>;
}

/** Starts an HTTP proxy on loopback that answers requests to some hosts itself. */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const { hosts, authority, allowNetwork = false, machine = thisMachine(), upstream, now = Date.now } = options;
  const { onRefused = () => {}, onTlsRefused = () => {} } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const server = makeServer(limits);
  const connections = new Connections();
  /** Connections inside a tunnel, with their host. */
  const inside = new WeakMap<Duplex, string>();
  const intercept = interceptTunnels({
    authority,
    intercepts: (host) => hosts.has(host),
    patience: limits.headerSeconds * 1000,
    now,
    serve: (connection, host) => {
      inside.set(connection, host);
      server.emit('connection', connection);
    },
    onTlsRefused: (...refusal) => {
      if (!connections.ended) onTlsRefused(...refusal);
    },
  });
  const passes = (host: string): boolean => allowNetwork || machine.has(host);
  const refuse = (host: string, socket: Duplex): string => {
    onRefused(host, () => programBehind(socket));
    return `${host} is not intercepted, and other hosts are not allowed.`;
  };

  server.on('connection', (socket: Socket) => {
    if (isLoopback(socket.remoteAddress ?? '')) connections.add(socket);
    else socket.destroy();
  });
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const { url: target = '' } = request;
    const url = parseAbsoluteForm(target);
    const tunnelled = inside.get(request.socket);
    const isForThis = target.startsWith('/') || target === '*';
    if (!url && (!isForThis || (tunnelled === undefined && !options.own))) return sendLine(response, 400, noTarget);
    const host = tunnelled ?? (url && tunnelTargetOf(url).host);
    if (host === undefined) return options.own?.(request, response);
    const handle = hosts.get(host);
    if (handle) {
      request.url = originForm(target);
      return handle(request, response);
    }
    if (!url || !passes(host)) return sendLine(response, 403, refuse(host, request.socket));
    return forward(
      request,
      response,
      url,
      upstream?.proxyFor(url.protocol === 'https:' ? 'https' : 'http', host),
      connections,
    );
  };
  const openTunnel = async (request: IncomingMessage, program: Duplex, head: Buffer): Promise<void> => {
    if (inside.has(program)) return say(program, 400, 'Proxy requests are not allowed inside a tunnel.');
    const target = parseAuthorityForm(request.url ?? '');
    if (!target) return say(program, 400, 'The target of CONNECT must be HOST:PORT.');
    if (head.length > 0) program.unshift(head);
    if (hosts.has(target.host)) return intercept(program, target);
    if (!passes(target.host)) return say(program, 403, refuse(target.host, program));
    const via = upstream?.proxyFor(target.port === 80 ? 'http' : 'https', target.host);
    return tunnel(program, target, via ? through(via) : directly, connections);
  };
  // What is thrown here would end the process, and leave the program alone with a closed port.
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    try {
      answer(request, response);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else sendLine(response, 502, sentence(error));
    }
  });
  server.on('connect', (request: IncomingMessage, program: Duplex, head: Buffer) => {
    openTunnel(request, program, head).catch((error: unknown) => say(program, 502, sentence(error)));
  });

  const url = await listen(server, '127.0.0.1', 0);
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    connections.end();
    await closed;
  };
  return { url, port: Number(new URL(url).port), close };
}

const noTarget = 'This is a proxy: request an absolute URL, or use CONNECT.';

function sentence(error: unknown): string {
  return `The proxy cannot pass this on: ${messageOf(error)}.`;
}
