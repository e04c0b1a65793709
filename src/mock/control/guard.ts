import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { isLoopback } from '../loopback.ts';
import { jsonReply, send } from '../http/reply.ts';

/** What may be asked without the control token: it gives nothing away, and containers are watched by it. */
const open = '/health';

/**
 * Keeps strangers away from the control API. A web page of another origin may send requests to this machine, and with
 * DNS rebinding it may even read the answers under a name of its own; in both cases a header tells. Where a token is
 * asked for, no page and no other machine can know it.
 */
export function guard(token: string | undefined): RequestHandler {
  return (request, response, next) => {
    const { origin } = request.headers;
    const [host = '', ...others] = request.headersDistinct['host'] ?? [];
    const called = URL.canParse(`http://${host}`) && others.length === 0 ? new URL(`http://${host}`) : undefined;
    if (!called) return send(response, refused('The Host header does not name one host.'));
    if (token === undefined && !isLoopback(called.hostname)) {
      return send(response, refused(`It is for this machine alone, and was called as ${called.host}.`));
    }
    if (origin !== undefined && origin !== called.origin && origin !== called.origin.replace(/^http:/, 'https:')) {
      return send(response, refused('The request comes from a web page of another origin.'));
    }
    if (token !== undefined && request.path !== open && !presents(request, token)) return send(response, unauthorized);
    return next();
  };
}

function presents(request: Request, token: string): boolean {
  const presented = /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1] ?? '';
  return timingSafeEqual(hash(presented), hash(token));
}

/** Texts of different lengths can be compared in constant time by their hashes. */
function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function refused(reason: string): ReturnType<typeof jsonReply> {
  return jsonReply(403, { message: `The control API refuses this request. ${reason}` });
}

const unauthorized = jsonReply(
  401,
  { message: 'The control API asks for the control token of this mock: Authorization: Bearer TOKEN.' },
  { 'WWW-Authenticate': 'Bearer realm="control"' },
);
