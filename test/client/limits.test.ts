// Where a limit lies exactly.
import { describe, expect, test } from '@jest/globals';
import { readRetryAfter, within } from '../../src/client/timing.ts';
import { failureOf, Scripted, status } from './support.ts';

const long = 1_000_000;

/** Work that never ends, and the signal that it was given. */
function endless(): { work: (signal: AbortSignal) => Promise<never>; signals: AbortSignal[] } {
  const signals: AbortSignal[] = [];
  return { signals, work: (signal) => new Promise(() => void signals.push(signal)) };
}

describe('work with a limit', () => {
  test('is told when its time is over', async () => {
    const { work, signals } = endless();
    expect(await failureOf(within(1, { operation: 'a' }, work))).toMatchObject({ code: 'timeout', operation: 'a' });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test('is told when its time is over although a caller waits on', async () => {
    const { work, signals } = endless();
    await failureOf(within(1, { operation: 'a', signal: new AbortController().signal }, work));
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test("is told the caller's own reason when the caller has enough", async () => {
    const { work, signals } = endless();
    const caller = new AbortController();
    const failed = failureOf(within(long, { operation: 'a', signal: caller.signal }, work));
    caller.abort('enough');
    expect(await failed).toBe('enough');
    expect(signals.map((signal) => [signal.aborted, signal.reason])).toEqual([[true, 'enough']]);
  });
});

test('a wait that would last until the deadline is not begun', async () => {
  const { client, waits } = new Scripted({ call: status(503) }, { totalTimeout: 500 });
  await failureOf(client.listDoctors());
  expect(waits).toEqual([]);
  const patient = new Scripted({ call: status(503) }, { totalTimeout: 501 });
  await failureOf(patient.client.listDoctors());
  expect(patient.waits).toEqual([500]);
});

test('a Retry-After of this very moment asks for no wait', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  expect(readRetryAfter('Thu, 01 Jan 2026 00:00:00 GMT', now)).toBeUndefined();
  expect(readRetryAfter('Thu, 01 Jan 2026 00:00:01 GMT', now)).toBe(1000);
});

describe('a body', () => {
  /** A response of so many megabytes, and how much of it was asked for. */
  function large(megabytes: number): { response: Response; sent: () => number; cancelled: () => boolean } {
    const chunk = new Uint8Array(1_000_000).fill(32);
    let sent = 0;
    let cancelled = false;
    const body = new ReadableStream({
      pull(controller) {
        sent += 1;
        controller.enqueue(chunk);
        if (sent === megabytes) controller.close();
      },
      cancel() {
        cancelled = true;
      },
    });
    return { response: new Response(body), sent: () => sent, cancelled: () => cancelled };
  }

  test('of more than 64 MB is refused, and not read to its end', async () => {
    const { response, sent, cancelled } = large(200);
    const { client, calls } = new Scripted({ call: () => response });
    const failure = await failureOf(client.listDoctors());
    expect(failure).toMatchObject({
      code: 'unexpected_response',
      message: expect.stringContaining('listDoctors: more than 64 MB (HTTP 200'),
    });
    expect([sent() < 70, cancelled(), calls.length]).toEqual([true, true, 1]);
  });

  test('of a token endpoint is refused as well', async () => {
    const { client } = new Scripted({ token: () => large(65).response });
    expect(await failureOf(client.listDoctors())).toMatchObject({
      message: expect.stringContaining('token request: more than 64 MB (HTTP 200'),
    });
  });

  test('is read as UTF-8, wherever its parts end', async () => {
    const bytes = new TextEncoder().encode('["é€😀"]');
    const body = new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
        controller.close();
      },
    });
    expect(await new Scripted({ call: () => new Response(body) }).client.listDoctors()).toEqual(['é€😀']);
  });
});
