import type { ServerResponse } from 'node:http';

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
