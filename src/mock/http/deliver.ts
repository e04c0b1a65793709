import type { ServerResponse } from 'node:http';
import type { Random } from '../state/environment.ts';
import { writeHead, type Reply } from './reply.ts';

/** A slow answer has a pause of so many milliseconds after each part, and at most so many parts: half a minute. */
const slow = { pause: 50, parts: 600 };

/**
 * Sends a reply, as a fault breaks it if it has one.
 * @param note writes the journal's entry before the first byte leaves; that of a slow answer before the last byte.
 * @throws Error before the note if HTTP does not allow one of the headers.
 */
export async function deliver(
  response: ServerResponse,
  reply: Reply,
  note: (broken?: true) => void,
  { random, sleep }: { random: Random; sleep: (milliseconds: number) => Promise<void> },
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
    note();
    response.end(reply.body);
    return;
  }
  response.setHeader('Content-Length', body.length + (delivery === 'garbage' ? 1 : 0));
  if (delivery === 'slow') {
    for (const part of partsOf(body)) {
      if (response.destroyed) return note(true);
      response.write(part);
      await sleep(slow.pause);
    }
    note();
    response.end();
    return;
  }
  note();
  const sent =
    delivery === 'truncate'
      ? body.subarray(0, Math.ceil(body.length / 2))
      : Buffer.from(Array.from(body, () => Math.floor(random() * 256)));
  response.write(sent, () => response.socket?.destroy());
}

/** Single bytes, or larger parts where there would be too many of these. */
function partsOf(body: Buffer): Buffer[] {
  const size = Math.max(1, Math.ceil(body.length / slow.parts));
  return Array.from({ length: Math.ceil(body.length / size) }, (_, part) =>
    body.subarray(part * size, (part + 1) * size),
  );
}
