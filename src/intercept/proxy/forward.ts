import * as http from 'node:http';
import * as https from 'node:https';
import { pipeline } from 'node:stream';
import { messageOf } from '../../util/errors.ts';
import { withoutHeaders } from '../../util/http.ts';
import { originForm } from '../../mock/http/server.ts';
import { credentialsFor, type Connections } from './tunnel.ts';
import { sendLine } from './respond.ts';
import { authorityForm, tunnelTargetOf } from './target.ts';

/** Forwards a plain HTTP request to its host, or to the upstream proxy. */
export function forward(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  url: URL,
  upstream: URL | undefined,
  connections: Connections,
): void {
  const headers = passing(request.rawHeaders, [...hopByHop, 'host', 'expect']);
  // The only hop-by-hop header to keep: the body still ends this way.
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
    else sendLine(response, 502, `${authorityForm(tunnelTargetOf(url))} cannot be reached: ${messageOf(error)}.`);
  });
  response.once('close', () => asked.destroy());
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

/** Alternating names and values, without those that must not be forwarded. */
function passing(raw: readonly string[], without: readonly string[]): string[] {
  const nominated = raw.flatMap((name, index) =>
    index % 2 === 0 && name.toLowerCase() === 'connection'
      ? (raw[index + 1] ?? '').toLowerCase().split(/(?<!\s)\s*,\s*/)
      : [],
  );
  return withoutHeaders(raw, [...without, ...nominated]);
}
