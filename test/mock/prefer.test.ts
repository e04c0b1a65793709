import { createHook } from 'node:async_hooks';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { basic, bearerOf, bodyOf, keyOf, tokenUrlOf } from '../support/http.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const scope = 'https://api.nextgen.arzamed.com/read';

let mock: Mock;
beforeEach(async () => {
  mock = await startUsualMock();
});
afterEach(() => mock.close());

async function ask(prefer: string, authorization?: string): Promise<Response> {
  const Authorization = authorization ?? (await bearerOf(mock, 'nuovo', { scope }));
  return fetch(`${mock.baseUrl}/equipe/doctors`, { headers: { Authorization, Prefer: prefer } });
}

describe('a call can prefer', () => {
  test.each(['code=503', 'wait=10, code=503', 'code="503"', 'respond-async; code=503'])(
    'a documented status: %s',
    async (prefer) => {
      const response = await ask(prefer);
      expect([response.status, await bodyOf(response)]).toEqual([
        503,
        { message: 'The service is temporarily unavailable.' },
      ]);
    },
  );

  test('an example of that status by its name', async () => {
    const response = await ask('code=403, example=expired_key');
    expect([response.status, (await bodyOf(response))['message']]).toEqual([403, expect.stringContaining('expired')]);
  });

  test('an example of the specification in the place of the fixture of the clinic', async () => {
    const response = await ask('example=sample');
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Dr. Marco Bianchi');
  });

  test('an answer that is made up from the schema, and conforms to it', async () => {
    const body: unknown = await (await ask('dynamic=true')).json();
    if (!Array.isArray(body)) throw new Error('It is no list.');
    expect(body).toEqual(body.map(() => expect.objectContaining({ name: expect.any(String) })));
  });

  test('nothing else: a status that is not documented is refused as Prism does', async () => {
    const response = await ask('code=418');
    expect([response.status, (await bodyOf(response))['title']]).toEqual([
      404,
      'The server cannot find the requested content',
    ]);
  });

  test.each([
    ['code=401, example=x', 'There is no example x of 401, only missing_token, invalid_token, expired_token.'],
    ['example=expired_token', 'There is no example expired_token of 200, only sample.'],
    ['code=401, example=x, dynamic=true', 'There is no example x of 401, only missing_token'],
  ])('no example that does not exist, and is told those that do: %s', async (prefer, message) => {
    const response = await ask(prefer);
    expect([response.status, (await bodyOf(response))['message']]).toEqual([404, expect.stringContaining(message)]);
  });

  test('in vain, without a good token', async () => {
    expect((await ask('code=503', 'Bearer nonsense')).status).toBe(401);
  });
});

describe('a token request can prefer', () => {
  async function askToken(prefer: string, at = mock): Promise<[status: number, body: Record<string, unknown>]> {
    const [{ clinic } = { clinic: '' }] = at.clinics;
    const response = await fetch(tokenUrlOf(at, clinic), {
      method: 'POST',
      headers: { Authorization: basic(keyOf(at, clinic)), Prefer: prefer },
      body: new URLSearchParams({ grant_type: 'client_credentials', ...(at === mock ? { scope } : {}) }),
    });
    return [response.status, await bodyOf(response)];
  }

  test.each([
    ['a documented status', 'code=400', 400, { error: 'invalid_request' }],
    ['an example of that status', 'code=400, example=invalid_scope', 400, { error: 'invalid_scope' }],
    ['the usual status', 'code=200', 200, { token_type: 'Bearer' }],
  ])('%s', async (_name, prefer, status, body) => {
    expect(await askToken(prefer)).toMatchObject([status, body]);
  });

  test.each([
    ['status', 'code=503', 'There is no status 503 of requestToken, only 200, 400, 401.'],
    ['example', 'code=401, example=x', 'There is no example x of 401, only invalid_client.'],
  ])('no %s that does not exist, and is told those that do', async (_name, prefer, message) => {
    expect(await askToken(prefer)).toEqual([404, { message }]);
  });

  test.each([
    ['a documented status', 'code=400'],
    ['a status that is not documented', 'code=503'],
    ['an example that does not exist', 'code=401, example=x'],
  ])('%s, and the journal names no token, for none was given', async (_name, prefer) => {
    const [status] = await askToken(prefer);
    expect(mock.journal.find()).toMatchObject([
      { status, fault: 'prefer', clientId: 'bianchi-backend', clinic: 'bianchi', tokenId: undefined },
    ]);
  });

  test('another answer than the token, and none is signed for that', async () => {
    const signatures = new Set<number>();
    // Node's own trace of each signature that it makes beside the main thread.
    const hook = createHook({
      init: (id, type) => {
        if (type === 'SIGNREQUEST') signatures.add(id);
      },
    }).enable();
    try {
      await askToken('code=200');
      expect(signatures.size).toBe(1);
      await askToken('code=400');
      expect(signatures.size).toBe(1);
    } finally {
      hook.disable();
    }
  });

  test('only a status that the specification documents', async () => {
    await using ferries = await startUsualMock({
      spec: 'test/other-api/ferries.yaml',
      clinics: 'test/other-api/clinics',
    });
    expect(await askToken('code=503', ferries)).toEqual([
      404,
      { message: 'There is no status 503 of connect, only 200, 400.' },
    ]);
  });
});

test('an example without a name is called default, as Prism does', async () => {
  await using ferries = await startUsualMock({
    spec: 'test/other-api/ferries.yaml',
    clinics: 'test/other-api/clinics',
  });
  const prefer = async (example: string): Promise<unknown> =>
    (await fetch(`${ferries.baseUrl}/ports`, { headers: { Prefer: `code=200, example=${example}` } })).json();
  expect(await prefer('default')).toEqual(['HEL', 'TLL', 'STO']);
  expect(await prefer('x')).toEqual({ message: 'There is no example x of 200, only default.' });
});

test('other preferences change nothing', async () => {
  const response = await ask('respond-async, wait=10');
  expect([response.status, await response.json()]).toEqual([200, []]);
});

test('the journal says that the request itself wanted it', async () => {
  await ask('code=503');
  expect(mock.journal.find({ operationId: 'listDoctors' })).toMatchObject([{ status: 503, fault: 'prefer' }]);
});
