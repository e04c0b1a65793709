// The words of errors, which end up in a log.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { createClient } from '../../src/client/index.ts';
import { baseUrl, failureOf, Scripted, secret, status, tokenAnswer, tokenUrl } from './support.ts';

const called = `GET ${baseUrl}/equipe/doctors`;

const never = (): Promise<Response> => new Promise(() => {});
const broken = (): Response => {
  throw new TypeError('fetch failed');
};

describe('an error says in its message what happened', () => {
  test.each<[string, () => Response | Promise<Response>]>([
    [`UnauthorizedError: listDoctors: unauthorized (HTTP 401, ${called})`, status(401)],
    [`ForbiddenError: listDoctors: forbidden (HTTP 403, ${called})`, status(403)],
    [`UnavailableError: listDoctors: unavailable (HTTP 503, ${called})`, status(503)],
    [`UnexpectedResponseError: listDoctors: unexpected status (HTTP 404, ${called})`, status(404)],
    ['ConnectionError: listDoctors: connection failed: api.invalid (fetch failed)', broken],
    ['TimeoutError: listDoctors: no answer within 20 ms', never],
  ])('%s', async (message, call) => {
    const { client } = new Scripted({ call }, { attempts: 1, totalTimeout: 20 });
    expect(String(await failureOf(client.listDoctors()))).toBe(message);
  });

  test.each<[string, () => Response]>([
    [`TokenRefusedError: token request: refused: no reason (HTTP 400, POST ${tokenUrl})`, status(400)],
    [`UnexpectedResponseError: token request: no bearer token (HTTP 200, POST ${tokenUrl})`, () => Response.json({})],
  ])('%s', async (message, token) => {
    expect(String(await failureOf(new Scripted({ token }).client.listDoctors()))).toBe(message);
  });

  test('and where, without the query and without the secret', async () => {
    const options = { baseUrl: `https://api.invalid/of-${secret}`, tokenUrl: `${tokenUrl}?key=canary-key` };
    const token = (): Response => tokenAnswer();
    const fetch = async (url: string): Promise<Response> => (url === options.tokenUrl ? token() : status(404)());
    const failure = await failureOf(new Scripted({}, { ...options, fetch }).client.listDoctors());
    const message = 'listDoctors: unexpected status (HTTP 404, GET https://api.invalid/of-***/equipe/doctors)';
    expect(failure).toHaveProperty('message', message);
    const refused = await failureOf(
      new Scripted({}, { ...options, fetch: async () => status(400)() }).client.listDoctors(),
    );
    expect(refused).toHaveProperty('message', `token request: refused: no reason (HTTP 400, POST ${tokenUrl})`);
  });

  test.each([
    ['ECONNREFUSED', 'refused (ECONNREFUSED)'],
    ['ECONNRESET', 'reset (ECONNRESET)'],
    ['ENOTFOUND', 'not found (ENOTFOUND)'],
    ['CERT_HAS_EXPIRED', 'cert has expired (CERT_HAS_EXPIRED)'],
  ])('ConnectionError: with host and reason: %s', async (code, reason) => {
    const call = (): Response => {
      const cause = Object.assign(new Error(`of ${secret}`), { code });
      throw new TypeError(`not ${secret}`, { cause });
    };
    const failure = await failureOf(new Scripted({ call }, { attempts: 1 }).client.listDoctors());
    expect(String(failure)).toBe(`ConnectionError: listDoctors: connection failed: api.invalid ${reason}`);
  });

  test('ConnectionError: of a server that does not listen', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const host = `127.0.0.1:${Object(server.address()).port}`;
    server.close();
    const options = { fetch: undefined, tokenUrl: `http://${host}/token`, attempts: 1 };
    const failure = await failureOf(new Scripted({}, options).client.listDoctors());
    const message = `ConnectionError: token request: connection failed: ${host} refused (ECONNREFUSED)`;
    expect(String(failure)).toBe(message);
  });

  test('ConnectionError: with a message without the secret', async () => {
    const call = (): Response => {
      throw new TypeError(`could not send ${secret}`);
    };
    const failure = await failureOf(new Scripted({ call }, { attempts: 1 }).client.listDoctors());
    expect(failure).toHaveProperty('message', 'listDoctors: connection failed: api.invalid (could not send ***)');
  });

  test('InvalidOptionError: with the bounds', () => {
    const options = { tokenUrl, clientId: 'a', clientSecret: secret };
    expect(() => createClient({ ...options, attempts: 0 })).toThrow(
      expect.objectContaining({
        name: 'InvalidOptionError',
        message: 'The option attempts must be from 1 to 2147483647.',
      }),
    );
    expect(() => createClient({ ...options, attempts: 2_147_483_647 })).not.toThrow();
  });

  test('and has no cause where there is none', async () => {
    const failure = await failureOf(new Scripted({ call: status(403) }).client.listDoctors());
    expect(Object.hasOwn(Object(failure), 'cause')).toBe(false);
    const failed = await failureOf(new Scripted({ call: broken }).client.listDoctors());
    expect(failed).toHaveProperty('cause');
    expect(failed).not.toHaveProperty('cause.cause');
  });

  test('whatever a cause refers to, itself included', async () => {
    const endless = new Error('endless');
    endless.cause = endless;
    const call = (): Response => {
      throw endless;
    };
    const failure = await failureOf(new Scripted({ call }).client.listDoctors());
    expect(failure).toMatchObject({ code: 'connection_failed', cause: { message: 'endless' } });
  });

  test('without the secret as JSON has it', async () => {
    const call = (): Response => new Response(JSON.stringify({ was: 'it is can"ary, so no' }), { status: 404 });
    const { client } = new Scripted({ call }, { clientSecret: 'can"ary' });
    expect(await failureOf(client.listDoctors())).toHaveProperty('excerpt', '{"was":"it is ***, so no"}');
  });
});

test.each(['NotBearer', 'BearerToo'])('a token of the type %s is none', async (type) => {
  const token = (): Response => Response.json({ access_token: 'a', token_type: type });
  expect(await failureOf(new Scripted({ token }).client.listDoctors())).toHaveProperty('code', 'unexpected_response');
});

test('a redirect to what is no URL is an answer like any other', async () => {
  const { client } = new Scripted({ call: status(302, { location: 'https://[' }) });
  expect(await failureOf(client.listDoctors())).toMatchObject({ code: 'unexpected_response', upstreamStatus: 302 });
});

test('a call asks for JSON and sends no body of its own', async () => {
  const scripted = new Scripted();
  await scripted.client.listDoctors();
  const headers = new Headers(scripted.calls[0]?.init.headers);
  expect([...headers.keys()]).toEqual(['accept', 'authorization']);
  expect(headers.get('accept')).toBe('application/json');
});

test('a token from the store is neither told as renewed nor stored again', async () => {
  const store = new Map();
  const options = { tokenStore: store };
  await new Scripted({ token: () => tokenAnswer('first') }, options).client.listDoctors();
  const [stored] = [...store.values()];
  const second = new Scripted({}, options);
  await second.client.listDoctors();
  expect(second.events.map(({ type }) => type)).not.toContain('token_renewed');
  expect([...store.values()][0]).toBe(stored);
});
