import type { ServerResponse } from 'node:http';
import type { Delivery } from '../faults/faults.ts';

/** An answer that is ready to be sent. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  /** Undefined where the answer has no body. */
  body: string | undefined;
  /** How its bytes are to be broken on their way, if they are. */
  delivery?: Delivery | undefined;
}

/** A reply with a JSON body; properties that are undefined are left out. */
export function jsonReply(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** Sends a reply. */
export function send(response: ServerResponse, reply: Reply): void {
  writeHead(response, reply);
  response.end(reply.body);
}

/** Writes status and headers of a reply whose body follows. */
export function writeHead(response: ServerResponse, { status, headers }: Reply): void {
  response.statusCode = status;
  for (const name in headers) response.setHeader(name, headers[name] ?? '');
}

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
