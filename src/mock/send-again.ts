import type { ServerResponse } from 'node:http';
import { send, type Reply } from './http/reply.ts';

/** A reply as Node sends it without looking at it again. */
interface Prepared {
  /** Names and values in turn. */
  head: string[];
  /** The body's bytes, a character each: Node sends head and body in one piece where both are text of this kind. */
  body: string;
}

const prepared = new WeakMap<Reply, Prepared>();

/** Sends a reply that is kept: the same bytes as `send` each time, but they are made once. */
export function sendAgain(response: ServerResponse, reply: Reply): void {
  const known = prepared.get(reply) ?? prepare(reply);
  if (!known) return send(response, reply);
  response.writeHead(reply.status, known.head).end(known.body, 'latin1');
}

function prepare(reply: Reply): Prepared | undefined {
  if (reply.body === undefined) return undefined;
  const body = Buffer.from(reply.body).toString('latin1');
  const head = [...Object.entries(reply.headers).flat(), 'Content-Length', String(body.length)];
  prepared.set(reply, { head, body });
  return { head, body };
}
