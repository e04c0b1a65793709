import { decodePercent } from '../../util/http.ts';
import type { MockHandler } from '../http/exchange.ts';
import { paths } from '../routing/paths.ts';
import { jsonReply, send } from '../http/reply.ts';
import type { Sandbox } from '../state/sandbox.ts';

const [before = '', after = ''] = paths.keys.split('{clinic}');

/** Publishes the keys that the tokens of a clinic are signed with, as a JSON Web Key Set (RFC 7517 section 5). */
export function keySet(sandbox: Sandbox): MockHandler {
  return (request, response, next) => {
    const { path, method } = request;
    // Almost all requests are for something else.
    if (!path.endsWith(after) || !path.startsWith(before)) return next();
    if (method !== 'GET' && method !== 'HEAD') return next();
    if (!sandbox.fixtures.clinic(decodePercent(path.slice(before.length, -after.length)))) return next();
    return send(response, jsonReply(200, sandbox.signingKeys.jwks(sandbox.clock.now())));
  };
}
