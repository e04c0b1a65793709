import { decodePercent } from '../../util/http.ts';
import type { MockRequest } from '../http/request.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import { paths } from '../routing/paths.ts';
import type { Sandbox } from '../state/sandbox.ts';

const [before = '', after = ''] = paths.keys.split('{clinic}');

/**
 * The keys that the tokens of a clinic are signed with, as a JSON Web Key Set (RFC 7517 section 5); undefined for a request
 * that asks for something else.
 */
export function keySet(sandbox: Sandbox, { method, path }: MockRequest): Reply | undefined {
  if (!path.endsWith(after) || !path.startsWith(before)) return undefined;
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  if (!sandbox.fixtures.clinic(decodePercent(path.slice(before.length, -after.length)))) return undefined;
  return jsonReply(200, sandbox.signingKeys.jwks(sandbox.clock.now()));
}
