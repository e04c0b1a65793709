import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Mock, MockSandbox } from '../../src/mock/index.ts';
import { basic, bearerOf, bodyOf, keyOf, requestToken, tokenUrlOf } from '../support/http.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const scope = 'https://api.nextgen.arzamed.com/read';

let mock: Mock;
let now: number;
beforeEach(async () => {
  now = Date.parse('2026-11-23T12:00:00Z');
  mock = await startUsualMock({ now: () => now, limits: { sandboxes: 3, sandboxIdleSeconds: 60 } });
});
afterEach(() => mock.close());

async function statusIn({ baseUrl }: { baseUrl: string }, Authorization: string): Promise<number> {
  const response = await fetch(`${baseUrl}/equipe/doctors`, { headers: { Authorization } });
  await response.text();
  return response.status;
}

async function send(method: string, path: string, body?: unknown): Promise<[status: number, body: unknown]> {
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(`${mock.url}${path}`, { method, ...init });
  const answer = await response.text();
  return [response.status, answer === '' ? undefined : JSON.parse(answer)];
}

describe('a sandbox', () => {
  let one: MockSandbox;
  let other: MockSandbox;
  beforeEach(() => {
    one = mock.sandboxes.create();
    other = mock.sandboxes.create();
  });

  test('has URLs of its own, under which it plays the clinics', async () => {
    expect(one.url).toBe(`${mock.url}/s/${one.id}`);
    expect(one.baseUrl).toBe(`${one.url}/api/v1`);
    expect(tokenUrlOf(one, 'bianchi')).toBe(`${one.url}/auth/bianchi/oauth2/token`);
    expect(await statusIn(one, await bearerOf(one, 'bianchi', { scope }))).toBe(200);
  });

  test('takes neither the tokens of another nor those of the mock', async () => {
    const tokens = [await bearerOf(other, 'bianchi', { scope }), await bearerOf(mock, 'bianchi', { scope })];
    for (const token of tokens) expect(await statusIn(one, token)).toBe(401);
    expect(await statusIn(mock, await bearerOf(one, 'bianchi', { scope }))).toBe(401);
  });

  test('takes no credentials of another', async () => {
    const response = await fetch(tokenUrlOf(one, 'bianchi'), {
      method: 'POST',
      headers: { Authorization: basic(keyOf(other, 'bianchi')) },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
    });
    expect(await bodyOf(response)).toMatchObject({ error: 'invalid_client' });
  });

  test('has keys, clock, answers, faults and journal of its own', async () => {
    const tokens = { one: await bearerOf(one, 'nuovo', { scope }), other: await bearerOf(other, 'nuovo', { scope }) };
    one.keys.revoke('bianchi-backend');
    one.clock.advance({ minutes: 30 });
    one.answers.replace('nuovo', 'listDoctors', [{ name: 'A', profileImage: null }]);
    one.faults.add({ status: 503 });
    expect(await statusIn(one, tokens.one)).toBe(503);
    expect(await statusIn(other, tokens.other)).toBe(200);
    expect(other.clock.now()).toBe(now);
    expect(keyOf(other, 'bianchi')).toMatchObject({ clientId: 'bianchi-backend', status: 'active' });
    expect([one, other, mock].map(({ journal }) => journal.count())).toEqual([2, 2, 0]);
    expect(one.journal.find().at(-1)).toMatchObject({ path: '/api/v1/equipe/doctors', status: 503 });
  });

  test('publishes the keys that sign its tokens', async () => {
    const keys = async ({ url }: { url: string }): Promise<unknown> =>
      bodyOf(await fetch(`${url}/auth/bianchi/.well-known/jwks.json`));
    await one.rotateSigningKeys();
    expect(await keys(one)).toMatchObject({ keys: [{}, {}] });
    expect(await keys(other)).toMatchObject({ keys: [{}] });
  });

  test('is reset by itself, and keeps its credentials', async () => {
    const before = keyOf(one, 'bianchi');
    const token = await bearerOf(one, 'bianchi', { scope });
    one.keys.revoke('bianchi-backend');
    other.keys.revoke('bianchi-backend');
    one.reset();
    expect(keyOf(one, 'bianchi')).toEqual(before);
    expect(await statusIn(one, token)).toBe(200);
    expect(keyOf(other, 'bianchi', 'revoked').clientId).toBe('bianchi-backend');
  });

  test('ends with its block, and then says so', async () => {
    {
      await using third = mock.sandboxes.create();
      expect(third.url).toContain('/s/');
      one = third;
    }
    const response = await fetch(`${one.baseUrl}/equipe/doctors`);
    expect([response.status, await bodyOf(response)]).toEqual([
      404,
      { message: expect.stringContaining(`There is no sandbox ${one.id}: it was ended, or was idle for too long.`) },
    ]);
  });
});

describe('the control API', () => {
  test('makes a sandbox, says what a client needs, and ends it', async () => {
    const [status, made] = await send('POST', '/_mock/sandboxes');
    const { id, controlUrl } = { id: '', controlUrl: '', ...Object(made) };
    expect([status, made]).toMatchObject([
      201,
      {
        url: `${mock.url}/s/${id}`,
        baseUrl: `${mock.url}/s/${id}/api/v1`,
        controlUrl: `${mock.url}/s/${id}/_mock`,
        clinics: mock.clinics.map(({ clinic }) => ({ clinic, tokenUrl: expect.stringContaining(id) })),
      },
    ]);
    expect((await fetch(`${controlUrl}/keys/bianchi-backend/revoke`, { method: 'POST' })).status).toBe(200);
    expect(mock.clinics[0]?.keys[0]?.status).toBe('active');
    expect(await send('GET', '/_mock/sandboxes')).toMatchObject([200, [{ id }]]);
    expect(await send('DELETE', `/_mock/sandboxes/${id}`)).toEqual([204, undefined]);
    expect(await send('DELETE', `/_mock/sandboxes/${id}`)).toEqual([
      404,
      { message: `There is no sandbox ${id}: there are none.` },
    ]);
  });

  test('makes a sandbox with another style of errors', async () => {
    const [, made] = await send('POST', '/_mock/sandboxes', { errorStyle: 'cognito' });
    const [found] = mock.sandboxes.list();
    if (!found) throw new Error(`There is none: ${JSON.stringify(made)}`);
    const refused = await requestToken(found, 'bianchi', { scope: 'wrong' });
    expect(await bodyOf(refused)).toEqual({ error: 'invalid_scope' });
  });

  test('makes a sandbox with the id that the query says, once', async () => {
    const id = '0f8fad5b-d9cb-469f-a165-70867728950e';
    const url = `${mock.url}/s/${id}`;
    expect(await send('POST', `/_mock/sandboxes?id=${id}`)).toMatchObject([201, { id, url }]);
    const taken = { message: `There is a sandbox ${id} already.` };
    expect(await send('POST', `/_mock/sandboxes?id=${id}`)).toEqual([409, taken]);
    const message = expect.stringContaining('The parameter id is invalid');
    expect(await send('POST', '/_mock/sandboxes?id=one')).toEqual([400, { message }]);
  });

  test('of a sandbox makes none', async () => {
    const { id } = mock.sandboxes.create();
    expect(await send('POST', `/s/${id}/_mock/sandboxes`)).toEqual([
      404,
      { message: 'A sandbox has no sandboxes of its own: ask the mock itself.' },
    ]);
  });
});

describe('sandboxes', () => {
  test('are as many as there may be', async () => {
    for (let made = 0; made < 3; made += 1) mock.sandboxes.create();
    expect(await send('POST', '/_mock/sandboxes')).toEqual([
      429,
      { message: 'There are 3 sandboxes already; end one first.' },
    ]);
  });

  test('end when nobody has asked them for some time', async () => {
    const [idle, busy] = [mock.sandboxes.create(), mock.sandboxes.create()];
    const token = await bearerOf(busy, 'bianchi', { scope });
    now += 50_000;
    expect(await statusIn(busy, token)).toBe(200);
    now += 11_000;
    expect(mock.sandboxes.list().map(({ id }) => id)).toEqual([busy.id]);
    expect((await fetch(idle.baseUrl)).status).toBe(404);
  });

  test('do not end while the stream of their journal is read', async () => {
    const { id, url } = mock.sandboxes.create();
    const abort = new AbortController();
    const stream = await fetch(`${url}/_mock/journal/stream`, { signal: abort.signal });
    now += 3_600_000;
    expect(mock.sandboxes.list().map((sandbox) => sandbox.id)).toEqual([id]);
    abort.abort();
    await stream.text().catch(() => {});
  });

  test('tell of what they answered, and which of them it was', async () => {
    const told: unknown[] = [];
    await using telling = await startUsualMock({ onAnswer: ({ sandbox, clinic }) => told.push([sandbox, clinic]) });
    const { id, ...sandbox } = telling.sandboxes.create();
    expect(sandbox).toBeDefined();
    await requestToken(telling, 'ricci', { scope });
    const [found] = telling.sandboxes.list();
    if (found) await requestToken(found, 'nuovo', { scope });
    expect(told).toEqual([
      [undefined, 'ricci'],
      [id, 'nuovo'],
    ]);
  });
});
