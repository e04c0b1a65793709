import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { ArzamedError, createClient, type Client, type ClientOptions } from '../../src/client/index.ts';
import { startMock, type Mock } from '../../src/mock/index.ts';
import { keyOf, tokenUrlOf } from '../support/http.ts';

function clientOf(mock: Mock, clinic: string, options: Partial<ClientOptions> = {}): Client {
  return createClient({
    tokenUrl: tokenUrlOf(mock, clinic),
    ...keyOf(mock, clinic),
    baseUrl: mock.baseUrl,
    ...options,
  });
}

/** A client whose every request is answered by a function; tokens come first, and are counted. */
function scripted(
  answer: (url: string, init: RequestInit) => Response | Promise<Response>,
  options: Partial<ClientOptions> = {},
): Client {
  return createClient({
    tokenUrl: 'https://token.invalid/',
    clientId: 'canary-id',
    clientSecret: 'canary-secret',
    baseUrl: 'https://api.invalid',
    fetch: async (url, init) => answer(url, init),
    ...options,
  });
}

const token = (lifetime?: number): Response =>
  Response.json({
    access_token: 'canary-token',
    token_type: 'Bearer',
    ...(lifetime === undefined ? {} : { expires_in: lifetime }),
  });

describe('a call', () => {
  test('gives the documented body, typed', async () => {
    await using mock = await startMock();
    const doctors = await clientOf(mock, 'bianchi').listDoctors();
    expect(doctors.map(({ name, profileImage }) => [name, profileImage])).toContainEqual(['Dr. Sofia Ricci', null]);
  });

  test('keeps fields that the specification does not know', async () => {
    const client = scripted((url) =>
      url.includes('token') ? token() : Response.json([{ name: 'A', profileImage: null, room: 4 }]),
    );
    expect(await client.listDoctors()).toEqual([{ name: 'A', profileImage: null, room: 4 }]);
  });

  test('ends with the reason of an abort', async () => {
    await using mock = await startMock();
    const reason = new Error('No longer needed.');
    await expect(clientOf(mock, 'bianchi').listDoctors({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test('does not follow a redirect with its credentials', async () => {
    const asked: string[] = [];
    const client = scripted((url, init) => {
      asked.push(`${init.redirect} ${url}`);
      return url.includes('token')
        ? token()
        : new Response(null, { status: 302, headers: { Location: 'https://evil.invalid' } });
    });
    await expect(client.listDoctors()).rejects.toMatchObject({ code: 'unexpected_response', status: 302 });
    expect(asked).toEqual(['manual https://token.invalid/', 'manual https://api.invalid/equipe/doctors']);
  });
});

describe('a token', () => {
  test('is asked for once by calls at the same time', async () => {
    let tokens = 0;
    const client = scripted((url) => {
      if (!url.includes('token')) return Response.json([]);
      tokens += 1;
      return token(3600);
    });
    await Promise.all(Array.from({ length: 20 }, () => client.listDoctors()));
    expect(tokens).toBe(1);
  });

  test.each([
    ['a minute before its end', 3600, 3_540_000],
    ['after half of its life where that is short', 60, 30_000],
    ['after two and a half minutes where its end is not known', undefined, 240_000],
  ])('is renewed %s', async (_name, lifetime, renewedAfter) => {
    let now = 1_000_000;
    let tokens = 0;
    const answer = (url: string): Response => {
      if (!url.includes('token')) return Response.json([]);
      tokens += 1;
      return token(lifetime);
    };
    const client = scripted(answer, { now: () => now });
    const counts: number[] = [];
    for (const passed of [0, renewedAfter - 1, 1]) {
      now += passed;
      await client.listDoctors();
      counts.push(tokens);
    }
    expect(counts).toEqual([1, 1, 2]);
  });

  test('is asked for again after a failure', async () => {
    const answers = [new Response(null, { status: 503 }), token(), Response.json([])];
    const client = scripted(() => answers.shift() ?? Response.error());
    await expect(client.listDoctors()).rejects.toMatchObject({ code: 'unavailable', operation: 'token request' });
    expect(await client.listDoctors()).toEqual([]);
  });

  test('is renewed from the mock after an hour', async () => {
    let now = Date.parse('2026-11-23T12:00:00Z');
    await using mock = await startMock({ now: () => now });
    const client = clientOf(mock, 'bianchi', { now: () => now });
    await client.listDoctors();
    now += 3_600_000;
    expect(await client.listDoctors()).toHaveLength(3);
  });
});

const failures: [name: string, answer: () => Response, error: Record<string, unknown>][] = [
  ['401', () => new Response('{}', { status: 401 }), { code: 'unauthorized', status: 401, operation: 'listDoctors' }],
  ['403', () => new Response('{}', { status: 403 }), { code: 'forbidden', status: 403, operation: 'listDoctors' }],
  ['429', () => new Response('', { status: 429 }), { code: 'unavailable', status: 429, operation: 'listDoctors' }],
  ['500', () => new Response('', { status: 500 }), { code: 'unavailable', status: 500, operation: 'listDoctors' }],
  ['404', () => new Response('', { status: 404 }), { code: 'unexpected_response', status: 404 }],
  ['HTML', () => new Response('<html>', { status: 200 }), { code: 'unexpected_response', status: 200 }],
  [
    'no answer',
    () => {
      throw new TypeError('fetch failed');
    },
    {
      code: 'connection_failed',
      operation: 'listDoctors',
      cause: expect.objectContaining({ message: 'fetch failed' }),
    },
  ],
];

const tokenFailures: [name: string, answer: () => Response, error: Record<string, unknown>][] = [
  [
    "the RFC's 401",
    () => Response.json({ error: 'invalid_client' }, { status: 401 }),
    { code: 'token_refused', status: 401 },
  ],
  [
    "Cognito's 400",
    () => Response.json({ error: 'invalid_client' }, { status: 400 }),
    { error: 'invalid_client', status: 400 },
  ],
  ['a refusal without JSON', () => new Response('no', { status: 403 }), { code: 'token_refused', error: undefined }],
  ['an answer without a token', () => Response.json({ token_type: 'Bearer' }), { code: 'unexpected_response' }],
  ['an answer that is no object', () => Response.json('token'), { code: 'unexpected_response' }],
];

describe('an error', () => {
  test.each(failures)('says what a program can decide by: %s', async (_name, answer, error) => {
    const client = scripted((url) => (url.includes('token') ? token() : answer()));
    const failure = await client.listDoctors().catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(ArzamedError);
    expect(failure).toMatchObject(error);
  });

  test.each(tokenFailures)('of the token endpoint does so too: %s', async (_name, answer, error) => {
    const failure = await scripted(answer)
      .listDoctors()
      .catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(ArzamedError);
    expect(failure).toMatchObject(error);
  });

  test('holds neither secret nor token, however it is looked at, and neither does the client', async () => {
    const clients = [
      scripted((url) => (url.includes('token') ? token() : new Response('canary-token', { status: 401 }))),
      scripted(() => Response.json({ error: 'invalid_client', echoed: 'canary-secret' }, { status: 401 })),
    ];
    for (const client of clients) {
      const failure = await client.listDoctors().catch((thrown: unknown) => thrown);
      for (const thing of [client, failure]) {
        expect(inspect(thing, { depth: 10, showHidden: true })).not.toContain('canary');
        expect(JSON.stringify(thing)).not.toContain('canary');
      }
      expect(String(failure)).not.toContain('canary');
    }
  });
});
