import type { RequestHandler } from 'express';
import { jsonReply, send } from '../reply.ts';

/**
 * Keeps web pages away from the control API. A page of another origin may send requests to this machine, and with DNS
 * rebinding it may even read the answers under a name of its own; in both cases a header tells.
 */
export function guard(): RequestHandler {
  return (request, response, next) => {
    const { host, origin } = request.headers;
    if (!isLoopbackAddress(request.socket.remoteAddress)) {
      return send(response, refused('The request comes from another one.'));
    }
    const called = host !== undefined && URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : undefined;
    if (!called || !isLoopback(called.hostname)) {
      return send(response, refused(`It is called as ${host ?? 'nobody'}, not as a host of this machine.`));
    }
    if (origin !== undefined && origin !== called.origin) {
      return send(response, refused(`The request comes from a page of ${origin}.`));
    }
    return next();
  };
}

/** The address of the other end: IPv4, also as IPv6 writes it, or IPv6. */
function isLoopbackAddress(address: string | undefined): boolean {
  return address !== undefined && /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(address);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function refused(reason: string): ReturnType<typeof jsonReply> {
  return jsonReply(403, { message: `The control API is for this machine alone. ${reason}` });
}
