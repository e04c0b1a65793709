import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startMock, type Mock } from '../../src/mock/index.ts';
import { basic, bearerOf, bodyOf, keyOf, tokenUrlOf } from '../support/http.ts';

const scope = 'https://api.nextgen.arzamed.com/read';

let mock: Mock;
beforeEach(async () => {
  mock = await startMock();
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

  test('in vain, without a good token', async () => {
    expect((await ask('code=503', 'Bearer nonsense')).status).toBe(401);
  });
});

test('a token request can prefer a documented status', async () => {
  const response = await fetch(tokenUrlOf(mock, 'nuovo'), {
    method: 'POST',
    headers: { Authorization: basic(keyOf(mock, 'nuovo')), Prefer: 'code=400' },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
  });
  expect([response.status, await bodyOf(response)]).toMatchObject([400, { error: 'invalid_request' }]);
});

test('other preferences change nothing', async () => {
  const response = await ask('respond-async, wait=10');
  expect([response.status, await response.json()]).toEqual([200, []]);
});

test('the journal says that the request itself wanted it', async () => {
  await ask('code=503');
  expect(mock.journal.find({ operationId: 'listDoctors' })).toMatchObject([{ status: 503, fault: 'prefer' }]);
});
