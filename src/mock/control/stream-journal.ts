import type { Request, Response } from 'express';
import type { Journal, JournalEntry, JournalFilter } from '../state/journal.ts';

/** Milliseconds between two signs of life, so that nothing on the way takes the connection for dead. */
const heartbeat = 15_000;

/** Bytes that may wait for a reader who is too slow; then the stream ends, and the reader can ask again. */
const backlog = 1024 * 1024;

/**
 * Sends each entry of the journal as it is written, as server-sent events, until the reader leaves, the journal ends or
 * the reader cannot keep up. With `Last-Event-ID`, as browsers send it, or `after`, it begins with what came since.
 */
export function streamJournal(journal: Journal, filter: JournalFilter, request: Request, response: Response): void {
  response.status(200);
  response.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
  response.flushHeaders();
  const send = (entry: JournalEntry): void => {
    response.write(`id: ${entry.id}\nevent: entry\ndata: ${JSON.stringify(entry)}\n\n`);
    if (response.writableLength > backlog) response.destroy();
  };
  const after = filter.after ?? lastEventId(request, journal);
  if (after !== undefined) for (const entry of journal.find({ ...filter, after })) send(entry);
  const unfollow = journal.follow({ ...filter, after: undefined }, { entry: send, end: () => response.end() });
  const timer = setInterval(() => response.write(': still here\n\n'), heartbeat).unref();
  response.once('close', () => {
    unfollow();
    clearInterval(timer);
  });
}

/** After a reset the ids begin again, so one that is too great is that of an entry long gone. */
function lastEventId(request: Request, { newest }: Journal): number | undefined {
  const header = request.get('last-event-id');
  if (header === undefined || !/^\d{1,15}$/.test(header)) return undefined;
  return Number(header) > newest ? 0 : Number(header);
}
