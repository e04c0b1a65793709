import * as http from 'node:http';
import * as https from 'node:https';
import { pipeline } from 'node:stream';
import { messageOf } from '../../util/errors.ts';
import { withoutHeaders } from '../../util/http.ts';
import { originForm } from '../../mock/http/server.ts';
import { credentialsFor, type Connections } from './tunnel.ts';
import { sendLine } from './respond.ts';
import { resolvable, authorityForm, tunnelTargetOf } from './target.ts';

/** Forwards a plain HTTP request to its host, or to the upstream proxy. */
export function forward(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  url: URL,
  upstream: URL | undefined,
  connections: Connections,
): void {
  const headers = passing(request.rawHeaders, [...hopByHop, 'host', 'expect']);
  // The only hop-by-hop header to keep: the body is coded this way, and ends by it.
  const coding = request.headers['transfer-encoding'];
  if (coding !== undefined) headers.push('Transfer-Encoding', coding);
  for (const header of Object.entries(upstream ? credentialsFor(upstream) : {})) headers.push(...header);
  const { request: ask } = (upstream ?? url).protocol === 'https:' ? https : http;
  const asked = ask({
    ...resolvable(tunnelTargetOf(upstream ?? url)),
    method: request.method,
    path: upstream ? `${url.origin}${originForm(request.url ?? '/')}` : originForm(request.url ?? '/'),
    headers: ['Host', url.host, ...headers],
    setHost: false,
    agent: false,
  });
  asked.on('socket', (socket) => connections.add(socket));
  asked.on('response', (answered) => {
    const kept = passing(answered.rawHeaders, hopByHop);
    const codings = (answered.headers['transfer-encoding'] ?? '').replace(/(?:^|,)\s*chunked$/i, '');
    if (codings !== '' && request.httpVersion !== '1.0') kept.push('Transfer-Encoding', `${codings}, chunked`);
    response.writeHead(answered.statusCode ?? 502, answered.statusMessage, kept);
    pipeline(answered, response, () => {});
  });
  asked.on('error', (error) => {
    if (response.headersSent) response.destroy();
    else sendLine(response, 502, `${authorityForm(tunnelTargetOf(url))} cannot be reached: ${messageOf(error)}.`);
  });
  response.once('close', () => {
    asked.destroy();
    // A body that is answered early would stand before the next request of the connection.
    request.unpipe().resume();
  });
  request.pipe(asked);
}

/** Not forwarded (RFC 9110 section 7.6.1). */
const hopByHop = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Meant for every recipient, so that `Connection` must not name them (RFC 9110 section 7.6.1); without some, the framing is lost. */
const endToEnd = /^(?:host|content-.*|authorization|cookie|set-cookie|cache-control|date|expires|etag|location|vary)$/;

/** Alternating names and values, without those that must not be forwarded. */
function passing(raw: readonly string[], without: readonly string[]): string[] {
  const nominated = raw
    .flatMap((name, index) =>
      index % 2 === 0 && name.toLowerCase() === 'connection' ? (raw[index + 1] ?? '').split(',') : [],
    )
    .map((name) => name.trim().toLowerCase());
  return withoutHeaders(raw, [...without, ...nominated.filter((name) => !endToEnd.test(name))]);
}
