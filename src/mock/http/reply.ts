import type { ServerResponse } from 'node:http';
import type { Delivery } from '../faults/faults.ts';

export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string | undefined;
  delivery?: Delivery | undefined;
}

/** Characters of the `Accept` of a request whose reply is kept for the next ones. */
export const longestAccept = 500;

/** Headers that frame an answer: with wrong values no client could read it. */
export const framing = /^(connection|content-length|keep-alive|te|trailer|transfer-encoding|upgrade)$/i;

/** A reply with a JSON body. */
export function jsonReply(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

export function sendReply(response: ServerResponse, reply: Reply): void {
  writeHead(response, reply);
  response.end(reply.body);
}

export function writeHead(response: ServerResponse, { status, headers }: Reply): void {
  response.statusCode = status;
  for (const name in headers) response.setHeader(name, headers[name] ?? '');
}

interface Prepared {
  /** Names and values in turn. */
  head: string[];
  /** Latin-1: Node sends head and body in one piece if both are such text. */
  body: string;
}

const prepared = new WeakMap<Reply, Prepared>();

/** Sends a kept reply: the same bytes as `sendReply` each time, made once. */
export function sendAgain(response: ServerResponse, reply: Reply): void {
  if (reply.body === undefined) return sendReply(response, reply);
  let known = prepared.get(reply);
  if (!known) {
    const body = Buffer.from(reply.body).toString('latin1');
    known = { head: [...Object.entries(reply.headers).flat(), 'Content-Length', String(body.length)], body };
    prepared.set(reply, known);
  }
  response.writeHead(reply.status, known.head).end(known.body, 'latin1');
}
