import { describe, expect, test } from '@jest/globals';
import { failureOf, oneAfterTheOther, Scripted, status, tokenAnswer } from './support.ts';

describe('a call', () => {
  test('keeps fields that the specification does not know', async () => {
    const body = [{ name: 'A', profileImage: null, room: 4 }];
    const { client } = new Scripted({ call: () => Response.json(body) });
    expect(await client.listDoctors()).toEqual(body);
  });

  test('gives status and headers beside the body when it is asked to, and sends no second request', async () => {
    const answer = (): Response => Response.json([], { status: 200, headers: { 'X-RateLimit-Remaining': '7' } });
    const { client, calls } = new Scripted({ call: answer });
    const { data, response } = await client.listDoctors().withResponse();
    expect([data, response.status, response.headers.get('x-ratelimit-remaining')]).toEqual([[], 200, '7']);
    expect(calls).toHaveLength(1);
  });

  test('fails in the same way when it is asked for its response, and only there', async () => {
    const { client } = new Scripted({ call: status(403) });
    expect(await failureOf(client.listDoctors().withResponse())).toMatchObject({ code: 'forbidden' });
  });

  test('is a promise as any other', async () => {
    const { client } = new Scripted();
    expect(client.listDoctors()).toBeInstanceOf(Promise);
    expect(await Promise.all([client.listDoctors(), client.listDoctors()])).toEqual([[], []]);
  });

  test('does not follow a redirect with its credentials, nor does the token request', async () => {
    const elsewhere = status(302, { Location: 'https://evil.invalid/' });
    for (const answers of [{ call: elsewhere }, { token: elsewhere }]) {
      const { client, calls, tokenRequests } = new Scripted(answers);
      expect(await failureOf(client.listDoctors())).toMatchObject({ code: 'unexpected_response', upstreamStatus: 302 });
      const sent = [...tokenRequests, ...calls];
      expect(sent.map(({ init }) => init.redirect)).not.toContain('follow');
      expect(sent.map(({ url }) => new URL(url).hostname)).not.toContain('evil.invalid');
    }
  });
});

const passing: [name: string, answer: () => Response][] = [
  ['429', status(429)],
  ['500', status(500)],
  ['503', status(503)],
  [
    'a connection that fails',
    () => {
      throw new TypeError('fetch failed');
    },
  ],
  ['a body that breaks off', () => new Response(new ReadableStream({ pull: (body) => body.error(new Error('gone')) }))],
];

describe('a failure that may pass', () => {
  test.each(passing)('is tried again: %s', async (_name, answer) => {
    const { client, waits } = new Scripted({ call: oneAfterTheOther(answer, answer, () => Response.json([])) });
    expect(await client.listDoctors()).toEqual([]);
    expect(waits).toEqual([500, 1000]);
  });

  test.each(passing)('is told after three attempts: %s', async (_name, answer) => {
    const { client, calls } = new Scripted({ call: answer });
    await failureOf(client.listDoctors());
    expect(calls).toHaveLength(3);
  });

  test('is tried as often as it is set', async () => {
    const { client, calls } = new Scripted({ call: status(503) }, { attempts: 5 });
    await failureOf(client.listDoctors());
    expect(calls).toHaveLength(5);
  });

  test('waits as long as the service asks', async () => {
    const call = oneAfterTheOther(status(429, { 'Retry-After': '7' }), () => Response.json([]));
    const { client, waits } = new Scripted({ call });
    await client.listDoctors();
    expect(waits).toEqual([7000]);
  });

  test('is told at once where the wait would outlast the time for the call, with what the service asked for', async () => {
    const call = status(503, { 'Retry-After': '3600' });
    const { client, calls, waits } = new Scripted({ call }, { totalTimeout: 30_000 });
    expect(await failureOf(client.listDoctors())).toMatchObject({ code: 'unavailable', retryAfter: 3_600_000 });
    expect([calls.length, waits]).toEqual([1, []]);
  });

  test('is told when the time for the call is over, whatever attempts are left', async () => {
    const { client, waits } = new Scripted({ call: status(503) }, { attempts: 100, totalTimeout: 4000 });
    await failureOf(client.listDoctors());
    expect(waits).toEqual([500, 1000, 2000]);
  });

  test('ends with the reason of an abort during the wait', async () => {
    const leaving = new AbortController();
    const reason = new Error('No longer needed.');
    const { client, calls } = new Scripted(
      { call: status(503) },
      {
        sleep: undefined,
        onEvent: ({ type }) => {
          if (type === 'retry') setImmediate(() => leaving.abort(reason));
        },
      },
    );
    expect(await failureOf(client.listDoctors({ signal: leaving.signal }))).toBe(reason);
    expect(calls).toHaveLength(1);
  });
});

describe('a failure that does not pass', () => {
  test.each([
    [400, 'unexpected_response'],
    [403, 'forbidden'],
    [404, 'unexpected_response'],
  ])('is not tried again: %s', async (code, expected) => {
    const { client, calls } = new Scripted({ call: status(code) });
    expect(await failureOf(client.listDoctors())).toMatchObject({ code: expected, upstreamStatus: code });
    expect(calls).toHaveLength(1);
  });
});

describe('an attempt that takes too long', () => {
  const never = (): Promise<Response> => new Promise(() => {});

  test('is given up, even by a fetch that does not look at its signal, and tried again', async () => {
    const call = oneAfterTheOther(never, () => Response.json([]));
    const { client, calls } = new Scripted({ call }, { attemptTimeout: 5 });
    expect(await client.listDoctors()).toEqual([]);
    expect(calls[0]?.init.signal?.aborted).toBe(true);
  });

  test('is told as a timeout in the end, also where only the body does not come', async () => {
    const headOnly = (): Response => new Response(new ReadableStream());
    const { client } = new Scripted({ call: headOnly }, { attemptTimeout: 5, attempts: 1 });
    expect(await failureOf(client.listDoctors())).toMatchObject({ code: 'timeout', operation: 'listDoctors' });
  });

  test("ends with the caller's reason where the caller's own limit comes first", async () => {
    const { client } = new Scripted({ call: never, token: () => tokenAnswer() });
    const failure = await failureOf(client.listDoctors({ signal: AbortSignal.timeout(5) }));
    expect(failure).toMatchObject({ name: 'TimeoutError', code: 23 });
  });
});
