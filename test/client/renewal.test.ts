// What happens to the token that all calls share when the API refuses it, or when one of the callers goes away.
import { getEventListeners, once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { failureOf, oneAfterTheOther, Scripted, settle, status, tokenAnswer, type Asked } from './support.ts';

/** Requests that are answered when the test says so. */
class Held {
  readonly #waiting: ((response: Response) => void)[] = [];
  readonly answer = (): Promise<Response> =>
    new Promise((resolve) => {
      this.#waiting.push(resolve);
    });

  async release(response: Response): Promise<void> {
    this.#waiting.shift()?.(response);
    await settle();
  }
}

const refusesFirstToken = ({ authorization }: Asked): Response =>
  authorization === 'Bearer canary-token-1' ? new Response(null, { status: 401 }) : Response.json([]);

describe('a refused token', () => {
  test('is replaced at once, without a wait, whatever the attempts', async () => {
    const scripted = new Scripted({ call: refusesFirstToken }, { attempts: 1 });
    expect(await scripted.client.listDoctors()).toEqual([]);
    expect(scripted.waits).toEqual([]);
    expect(scripted.tokenRequests).toHaveLength(2);
  });

  test('is replaced for an operation that fails before and after, within its attempts', async () => {
    const call = oneAfterTheOther(status(503), status(401), status(503), () => Response.json([]));
    const scripted = new Scripted({ call });
    expect(await scripted.client.listDoctors()).toEqual([]);
    expect(scripted.waits).toEqual([500, 1000]);
  });

  test('is replaced once in a call: the second refusal is told', async () => {
    const scripted = new Scripted({ call: status(401) });
    expect(await failureOf(scripted.client.listDoctors())).toMatchObject({ code: 'unauthorized', upstreamStatus: 401 });
    expect(scripted.calls).toHaveLength(2);
    expect(scripted.tokenRequests).toHaveLength(2);
  });

  test('is replaced once for all calls, however far apart their refusals come', async () => {
    const held = new Held();
    const scripted = new Scripted({
      call: (asked) => (asked.authorization === 'Bearer canary-token-1' ? held.answer() : Response.json([])),
    });
    const calls = Array.from({ length: 4 }, () => scripted.client.listDoctors());
    await settle();
    for (const _call of calls) await held.release(new Response(null, { status: 401 }));
    expect(await Promise.all(calls)).toEqual([[], [], [], []]);
    expect(scripted.tokenRequests).toHaveLength(2);
  });

  test('is replaced once for all calls, even by a token of the same text', async () => {
    const held = new Held();
    let answered = 0;
    const scripted = new Scripted({
      token: () => tokenAnswer('canary-same'),
      call: () => ((answered += 1) > 4 ? Response.json([]) : held.answer()),
    });
    const calls = Array.from({ length: 4 }, () => scripted.client.listDoctors());
    await settle();
    for (const _call of calls) await held.release(new Response(null, { status: 401 }));
    await Promise.all(calls);
    expect(scripted.tokenRequests).toHaveLength(2);
  });
});

describe('a caller that goes away', () => {
  test('does not take the renewal with it that others wait for', async () => {
    const held = new Held();
    const scripted = new Scripted({ token: held.answer });
    const leaving = new AbortController();
    const reason = new Error('No longer needed.');
    const left = failureOf(scripted.client.listDoctors({ signal: leaving.signal }));
    const staying = scripted.client.listDoctors();
    await settle();
    leaving.abort(reason);
    expect(await left).toBe(reason);
    await held.release(tokenAnswer());
    expect(await staying).toEqual([]);
    expect(scripted.tokenRequests).toHaveLength(1);
    expect(scripted.tokenRequests[0]?.init.signal?.aborted).toBe(false);
  });

  test('leaves the token to the next', async () => {
    const held = new Held();
    const scripted = new Scripted({ token: held.answer });
    const leaving = new AbortController();
    const left = failureOf(scripted.client.listDoctors({ signal: leaving.signal }));
    leaving.abort();
    await left;
    await held.release(tokenAnswer());
    expect(await scripted.client.listDoctors()).toEqual([]);
    expect(scripted.tokenRequests).toHaveLength(1);
  });

  test('takes the renewal with it after a second if no other waits', async () => {
    const scripted = new Scripted({ token: () => new Promise(() => {}) });
    const leaving = new AbortController();
    const left = failureOf(scripted.client.listDoctors({ signal: leaving.signal }));
    await settle();
    const { signal } = scripted.tokenRequests[0]?.init ?? {};
    const ended = signal ? once(signal, 'abort') : undefined;
    const began = performance.now();
    leaving.abort();
    await left;
    expect(signal?.aborted).toBe(false);
    await ended;
    await settle();
    expect(performance.now() - began).toBeLessThan(10_000);
    const next = scripted.client.listDoctors();
    await settle();
    expect(scripted.tokenRequests).toHaveLength(2);
    next.catch(() => {});
  });

  test('leaves no listener with its signal', async () => {
    const { signal } = new AbortController();
    await new Scripted().client.listDoctors({ signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('before it has begun sends nothing', async () => {
    const scripted = new Scripted();
    const reason = new Error('No longer needed.');
    expect(await failureOf(scripted.client.listDoctors({ signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(scripted.tokenRequests).toEqual([]);
  });

  test('that waits too long for a token is told so, and the renewal goes on', async () => {
    const scripted = new Scripted({ token: () => new Promise(() => {}) }, { totalTimeout: 5 });
    expect(await failureOf(scripted.client.listDoctors())).toMatchObject({ code: 'timeout' });
  });
});
