import express, { type Request, type Response } from 'express';
import { preferred } from '../prism/preference.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { writeHead, type Reply } from './reply.ts';
import type { MockRequest } from './request.ts';

export function requestFrom(sandbox: Sandbox, request: Request, response: Response): MockRequest {
  const [path = '', ...rest] = request.url.split('?');
  const query = new URLSearchParams(rest.join('?'));
  return {
    method: request.method,
    path,
    query,
    headers: request.headers,
    prefer: preferred(request.get('prefer'), query),
    hosts: request.headersDistinct['host']?.length ?? 0,
    authorizations: request.headersDistinct['authorization'] ?? [],
    readBody: ({ issuesTokens }) =>
      new Promise((resolve, reject) => {
        const read = issuesTokens ? readTokenBody : readApiBody;
        read(request, response, (error: unknown) => {
          if (error !== undefined) reject(error);
          else resolve(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
        });
      }),
    wait: (milliseconds) => sandbox.wait(milliseconds, response),
  };
}

// Limits in bytes.
const readTokenBody = express.raw({ type: () => true, limit: 64 * 1024 });
const readApiBody = express.raw({ type: () => true, limit: 1024 * 1024 });

/** A slow answer: milliseconds between two parts, and at most so many parts, which makes half a minute. */
const slow = { pause: 50, parts: 600 };

/**
 * Sends a reply, broken as its fault asks.
 * @param note writes the journal's entry: before the first byte, or before the last byte of a slow answer.
 * @throws Error before the note if HTTP does not allow one of the headers.
 */
export async function deliver(
  response: Response,
  reply: Reply,
  note: (broken?: true) => Promise<void> | void,
  sandbox: Sandbox,
): Promise<void> {
  const { delivery } = reply;
  const body = delivery === undefined ? undefined : Buffer.from(reply.body ?? '');
  if (delivery === 'reset' || delivery === 'close') {
    if (delivery === 'reset') response.socket?.resetAndDestroy();
    else response.socket?.destroy();
    return note();
  }
  writeHead(response, reply);
  if (!body) {
    await note();
    response.end(reply.body);
    return;
  }
  if (delivery === 'chunked') {
    await note();
    const half = Math.ceil(body.length / 2);
    response.write(body.subarray(0, half));
    response.end(body.subarray(half));
    return;
  }
  response.setHeader('Content-Length', body.length + (delivery === 'garbage' ? 1 : 0));
  if (delivery === 'slow') {
    const size = Math.max(1, Math.ceil(body.length / slow.parts));
    if (body.length === 0) await note();
    for (let at = 0; at < body.length; at += size) {
      if (response.destroyed) return note(true);
      if (at + size >= body.length) await note();
      response.write(body.subarray(at, at + size));
      await sandbox.wait(slow.pause, response);
    }
    response.end();
    return;
  }
  await note();
  const sent =
    delivery === 'truncate'
      ? body.subarray(0, Math.ceil(body.length / 2))
      : Buffer.from(Array.from(body, () => Math.floor(sandbox.chance() * 256)));
  response.write(sent, () => response.socket?.destroy());
}
