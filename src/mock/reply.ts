import type { Response } from 'express';

/** An answer that is ready to be sent. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  /** Undefined where the answer has no body. */
  body: string | undefined;
}

/** A reply with a JSON body; properties that are undefined are left out. */
export function jsonReply(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** Sends a reply through Express. */
export function send(response: Response, reply: Reply): void {
  writeHead(response, reply);
  response.end(reply.body);
}

/** Writes status and headers of a reply whose body follows. */
export function writeHead(response: Response, { status, headers }: Reply): void {
  response.status(status);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}
