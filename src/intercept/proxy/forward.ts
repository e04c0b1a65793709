import * as http from 'node:http';
import * as https from 'node:https';
import { pipeline } from 'node:stream';
import { messageOf } from '../../util/errors.ts';
import { withoutHeaders } from '../../util/http.ts';
import { originForm } from '../../mock/http/server.ts';
import type { Connections } from './connections.ts';
import { credentialsFor } from './tunnel.ts';
import { respond } from './respond.ts';
import { authorityForm, tunnelTargetOf } from './target.ts';

/** Passes a request of plain HTTP on to where it goes, or to the other proxy, and the answer back. */
export function forward(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  url: URL,
  upstream: URL | undefined,
  connections: Connections,
): void {
  const headers = passing(request.rawHeaders, [...hopByHop, 'host', 'expect']);
  // Of the headers for one hop, this says how the body ends, which stays so.
  if (request.headers['transfer-encoding'] !== undefined) headers.push('Transfer-Encoding', 'chunked');
  for (const header of Object.entries(upstream ? credentialsFor(upstream) : {})) headers.push(...header);
  const { request: ask } = (upstream ?? url).protocol === 'https:' ? https : http;
  const asked = ask({
    ...tunnelTargetOf(upstream ?? url),
    method: request.method,
    path: upstream ? `${url.origin}${originForm(request.url ?? '/')}` : originForm(request.url ?? '/'),
    headers: ['Host', url.host, ...headers],
    setHost: false,
    agent: false,
  });
  asked.on('socket', (socket) => connections.add(socket));
  asked.on('response', (answered) => {
    response.writeHead(answered.statusCode ?? 502, answered.statusMessage, passing(answered.rawHeaders, hopByHop));
    pipeline(answered, response, () => {});
  });
  asked.on('error', (error) => {
    if (response.headersSent) response.destroy();
    else respond(response, 502, `${authorityForm(tunnelTargetOf(url))} cannot be reached: ${messageOf(error)}.`);
  });
  response.once('close', () => asked.destroy());
  request.pipe(asked);
}

/** Headers that concern one connection, and are not passed on (RFC 9110 section 7.6.1). */
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

/** Names and values in turns, without those that are not passed on. */
function passing(raw: readonly string[], without: readonly string[]): string[] {
  const nominated = raw.flatMap((name, index) =>
    index % 2 === 0 && name.toLowerCase() === 'connection' ? (raw[index + 1] ?? '').toLowerCase().split(/\s*,\s*/) : [],
  );
  return withoutHeaders(raw, [...without, ...nominated]);
}
