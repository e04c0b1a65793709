import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import {
  ArzamedError,
  isArzamedError,
  UnavailableError,
  type ArzamedErrorCode,
  type ArzamedFailure,
} from '../../src/client/index.ts';
import { failureOf, Scripted, secret, status } from './support.ts';

const failures: [name: string, answer: () => Response, error: Record<string, unknown>][] = [
  [
    '401',
    status(401),
    { name: 'UnauthorizedError', code: 'unauthorized', upstreamStatus: 401, operation: 'listDoctors' },
  ],
  ['403', status(403), { name: 'ForbiddenError', code: 'forbidden', upstreamStatus: 403, operation: 'listDoctors' }],
  [
    '429',
    status(429),
    { name: 'UnavailableError', code: 'unavailable', upstreamStatus: 429, operation: 'listDoctors' },
  ],
  [
    '500',
    status(500),
    { name: 'UnavailableError', code: 'unavailable', upstreamStatus: 500, operation: 'listDoctors' },
  ],
  ['404', status(404), { name: 'UnexpectedResponseError', code: 'unexpected_response', upstreamStatus: 404 }],
  ['HTML', () => new Response('<html>'), { code: 'unexpected_response', upstreamStatus: 200, excerpt: '<html>' }],
  ['an object for a list', () => Response.json({ a: 1 }), { code: 'unexpected_response', excerpt: '{"a":1}' }],
  [
    'null for a list',
    () => Response.json(null),
    { message: expect.stringContaining('listDoctors: unexpected null (HTTP 200') },
  ],
  ['no body', status(204), { code: 'unexpected_response', upstreamStatus: 204 }],
  [
    'a body that breaks off',
    () => new Response(new ReadableStream({ pull: (body) => body.error(new Error('gone')) })),
    { code: 'connection_failed', upstreamStatus: 200, cause: { message: 'gone' } },
  ],
  [
    'no answer',
    () => {
      throw Object.assign(new TypeError('fetch failed'), { cause: { message: 'refused', code: 'ECONNREFUSED' } });
    },
    {
      name: 'ConnectionError',
      code: 'connection_failed',
      operation: 'listDoctors',
      cause: { message: 'fetch failed', cause: { message: 'refused', code: 'ECONNREFUSED' } },
    },
  ],
];

const tokenFailures: [name: string, answer: () => Response, error: Record<string, unknown>][] = [
  [
    "the RFC's 401",
    () => Response.json({ error: 'invalid_client' }, { status: 401 }),
    { name: 'TokenRefusedError', code: 'token_refused', upstreamStatus: 401, operation: 'token request' },
  ],
  [
    "Cognito's 400",
    () => Response.json({ error: 'invalid_client' }, { status: 400 }),
    {
      error: 'invalid_client',
      upstreamStatus: 400,
      message: expect.stringContaining('token request: refused: invalid_client (HTTP 400'),
    },
  ],
  [
    'a refusal with a description',
    () =>
      Response.json(
        { error: 'invalid_scope', error_description: 'No.', error_uri: 'https://a.invalid', other: 1 },
        { status: 400 },
      ),
    { error: 'invalid_scope', errorDescription: 'No.', errorUri: 'https://a.invalid' },
  ],
  ['a refusal without JSON', () => new Response('no', { status: 403 }), { code: 'token_refused' }],
  ['an answer without a token', () => Response.json({ token_type: 'Bearer' }), { code: 'unexpected_response' }],
  ['an answer that is no object', () => Response.json('token'), { code: 'unexpected_response' }],
];

describe('an error', () => {
  test('that a test makes itself says nothing of a URL that it does not know', () => {
    const { message } = new UnavailableError('unavailable', { operation: 'listDoctors', upstreamStatus: 503 });
    expect(message).toBe('listDoctors: unavailable (HTTP 503)');
  });

  test.each(failures)('says what a program can decide by: %s', async (_name, call, error) => {
    const failure = await failureOf(new Scripted({ call }).client.listDoctors());
    expect(failure).toBeInstanceOf(ArzamedError);
    expect(failure).toMatchObject(error);
  });

  test.each(tokenFailures)('of the token endpoint does so too: %s', async (_name, token, error) => {
    const failure = await failureOf(new Scripted({ token }).client.listDoctors());
    expect(failure).toBeInstanceOf(ArzamedError);
    expect(failure).toMatchObject(error);
  });

  test('of the token endpoint keeps three fields of the answer and nothing else', async () => {
    const body = { error: 'invalid_client', hint: 'h', client_secret: secret, error_description: `wrong: ${secret}` };
    const token = (): Response => Response.json(body, { status: 400 });
    const failure = await failureOf(new Scripted({ token }).client.listDoctors());
    expect(Object.keys(Object(failure)).toSorted()).toEqual(
      ['name', 'code', 'upstreamStatus', 'requestId', 'operation', 'error', 'errorDescription', 'errorUri'].toSorted(),
    );
    expect(failure).toHaveProperty('errorDescription', 'wrong: ***');
  });

  test.each(['x-request-id', 'x-amzn-requestid'])("names the service's id of the request from %s", async (header) => {
    const { client } = new Scripted({ call: status(403, { [header]: '1f6c9f5e-7b1a-4a55-8f0e-0d5a1c6a2b3c' }) });
    expect(await failureOf(client.listDoctors())).toMatchObject({ requestId: '1f6c9f5e-7b1a-4a55-8f0e-0d5a1c6a2b3c' });
  });

  test('shows at most 200 characters of a body', async () => {
    const { client } = new Scripted({ call: () => new Response('no '.repeat(10_000)) });
    expect(await failureOf(client.listDoctors())).toHaveProperty('excerpt', 'no '.repeat(67).slice(0, 200));
  });

  test('shows no part of a body that may be a token, even a foreign one', async () => {
    const { client } = new Scripted({ call: () => new Response('<p>eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln</p>') });
    expect(await failureOf(client.listDoctors())).toHaveProperty('excerpt', '<p>***</p>');
  });
});

/** What a program that knows every code does; it does not compile when a code is missing. */
function remedyOf(error: ArzamedFailure): string {
  let remedy: string;
  switch (error.code) {
    case 'invalid_option':
      remedy = `correct ${error.option}`;
      break;
    case 'token_refused':
      remedy = `ask about ${error.error ?? 'the credentials'}`;
      break;
    case 'unauthorized':
    case 'forbidden':
      remedy = 'ask for a new key';
      break;
    case 'unavailable':
      remedy = `later, in ${error.retryAfter ?? 'some'} ms`;
      break;
    case 'timeout':
    case 'connection_failed':
      remedy = 'later';
      break;
    case 'unexpected_response':
      remedy = `look at ${error.excerpt ?? 'the service'}`;
      break;
  }
  return remedy;
}

describe('a guard', () => {
  test('narrows to a union that a switch over the codes exhausts', async () => {
    const failure = await failureOf(new Scripted({ call: status(403) }).client.listDoctors());
    const remedy = isArzamedError(failure) ? remedyOf(failure) : 'none of ours';
    expect(remedy).toBe('ask for a new key');
  });

  test('knows the errors of another realm, where the class is another', () => {
    const code: ArzamedErrorCode = 'forbidden';
    const foreign: unknown = runInNewContext(
      `class Theirs extends Error { get [Symbol.for('api.error')]() { return true } code = '${code}' } new Theirs()`,
    );
    expect(foreign).not.toBeInstanceOf(ArzamedError);
    expect(isArzamedError(foreign)).toBe(true);
  });

  test.each([undefined, null, 'forbidden', new Error('no'), { code: 'forbidden' }])('knows no other: %p', (other) => {
    expect(isArzamedError(other)).toBe(false);
  });
});
