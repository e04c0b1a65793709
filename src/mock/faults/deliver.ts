import type { Response } from 'express';
import { writeHead, type Reply } from '../http/reply.ts';
import type { Random } from '../random.ts';
import type { Delivery } from './fault.ts';

/** A slow answer has a pause of so many milliseconds after each part, and at most so many parts: half a minute. */
const slow = { pause: 50, parts: 600 };

/** Lets the bytes of an answer arrive in a way in which they should not. */
export async function deliver(
  response: Response,
  reply: Reply,
  delivery: Delivery,
  { random, sleep }: { random: Random; sleep: (milliseconds: number) => Promise<void> },
): Promise<void> {
  const body = Buffer.from(reply.body ?? '');
  switch (delivery) {
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'close':
      response.socket?.destroy();
      return;
    case 'truncate':
      announce(response, reply, body.length);
      response.write(body.subarray(0, Math.ceil(body.length / 2)), () => response.socket?.destroy());
      return;
    case 'garbage':
      announce(response, reply, body.length + 1);
      response.write(Buffer.from(Array.from(body, () => Math.floor(random() * 256))), () => response.socket?.destroy());
      return;
    case 'slow':
      announce(response, reply, body.length);
      for (const part of partsOf(body)) {
        if (response.destroyed) return;
        response.write(part);
        await sleep(slow.pause);
      }
      response.end();
  }
}

/** Single bytes, or larger parts where there would be too many of these. */
function partsOf(body: Buffer): Buffer[] {
  const size = Math.max(1, Math.ceil(body.length / slow.parts));
  return Array.from({ length: Math.ceil(body.length / size) }, (_, part) =>
    body.subarray(part * size, (part + 1) * size),
  );
}

function announce(response: Response, reply: Reply, length: number): void {
  writeHead(response, reply);
  response.setHeader('Content-Length', length);
}
