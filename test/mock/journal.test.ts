import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { emptyRecord } from '../../src/mock/http/record.ts';
import { Journal } from '../../src/mock/state/journal.ts';
import { bearerOf, bodyOf, requestToken } from '../support/http.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const scope = 'https://api.nextgen.arzamed.com/read';
const noon = Date.parse('2026-11-23T12:00:00Z');

let mock: Mock;
beforeEach(async () => {
  mock = await startUsualMock({ now: () => noon });
});
afterEach(() => mock.close());

async function ask(authorization: string, path = '/equipe/doctors'): Promise<void> {
  await (await fetch(mock.baseUrl + path, { headers: { Authorization: authorization } })).text();
}

/** Reads the journal by HTTP. An entry is there before the client has its answer, so nobody has to wait for it. */
async function read(query: string): Promise<Record<string, unknown>> {
  return bodyOf(await fetch(`${mock.url}/_mock/journal${query}`));
}

describe('the journal', () => {
  test('says of a call whose it was, by key and id of the token, and how it was answered', async () => {
    const authorization = await bearerOf(mock, 'ricci', { scope });
    await ask(authorization);
    const { entries, dropped } = await read('');
    const { jti } = decodeJwt(authorization.slice('Bearer '.length));
    const whose = { time: '2026-11-23T12:00:00.000Z', clinic: 'ricci', clientId: 'ricci-backend', tokenId: jti };
    const milliseconds = expect.any(Number);
    expect(entries).toEqual([
      {
        id: 1,
        ...whose,
        method: 'POST',
        path: '/auth/ricci/oauth2/token',
        operationId: 'requestToken',
        authentication: 'basic',
        status: 200,
        milliseconds,
      },
      {
        id: 2,
        ...whose,
        method: 'GET',
        path: '/api/v1/equipe/doctors',
        operationId: 'listDoctors',
        authentication: 'bearer',
        status: 200,
        milliseconds,
      },
    ]);
    expect(dropped).toBe(0);
  });

  test('says why a call was refused, and which fault struck one', async () => {
    const revoked = await bearerOf(mock, 'bianchi', { status: 'revoked', scope });
    await ask(revoked);
    mock.faults.add({ operationId: 'listDoctors', status: 503 });
    await ask(revoked);
    const { entries } = await read('?operationId=listDoctors');
    expect(entries).toMatchObject([
      { status: 403, reason: 'revoked_key', clientId: 'bianchi-revoked' },
      { status: 503, fault: 'fault-1' },
    ]);
  });

  test('is read by what is asked for, by HTTP and in the process alike', async () => {
    await requestToken(mock, 'ricci', { scope });
    await requestToken(mock, 'nuovo', { scope: 'wrong' });
    await ask('Bearer nonsense');
    expect((await read('?clinic=ricci'))['entries']).toHaveLength(1);
    expect((await read('?status=401'))['entries']).toMatchObject([{ reason: 'invalid_token' }]);
    expect(mock.journal.find({ reason: 'invalid_scope' })).toMatchObject([{ clinic: 'nuovo', status: 400 }]);
    expect([mock.journal.count(), mock.journal.count({ clinic: 'ricci', status: 200 })]).toEqual([3, 1]);
  });

  test('is cleared, and goes on counting', async () => {
    await ask('');
    expect((await fetch(`${mock.url}/_mock/journal`, { method: 'DELETE' })).status).toBe(204);
    expect(mock.journal.find()).toEqual([]);
    await ask('');
    expect((await read(''))['entries']).toMatchObject([{ id: 2 }]);
  });

  test('refuses a parameter that it does not know', async () => {
    const response = await fetch(`${mock.url}/_mock/journal?operation=listDoctors`);
    expect([response.status, await bodyOf(response)]).toEqual([
      400,
      {
        message:
          'The query has an unknown parameter operation; expected operationId, clinic, clientId, tokenId, reason, fault, method, status, after.',
      },
    ]);
  });

  test('refuses a status that is none', async () => {
    const response = await fetch(`${mock.url}/_mock/journal?status=abc`);
    expect(response.status).toBe(400);
    expect((await bodyOf(response))['message']).toContain('The parameter status is invalid');
  });

  test('holds no secret and no token, wherever a client has put them', async () => {
    const authorization = await bearerOf(mock, 'bianchi', { scope });
    const token = authorization.slice('Bearer '.length);
    await ask(authorization, `/equipe/doctors?access_token=${token}`);
    await ask(authorization, `/${token}`);
    await ask('Basic bm90LWEtc2VjcmV0', '/equipe/doctors?client_secret=not-a-secret-bianchi-backend');
    const text = JSON.stringify(await read(''));
    expect(text).not.toContain(token);
    expect(text).not.toContain(token.split('.')[2]);
    expect(text).not.toContain('not-a-secret');
    expect(text).not.toContain('bm90LWEtc2VjcmV0');
  });

  test('keeps the newest ten thousand entries in order and counts those that it dropped', () => {
    const journal = new Journal(10_000);
    const answered = { ...emptyRecord, status: 200 };
    for (let index = 0; index < 10_003; index += 1) journal.record(answered, noon);
    const ids = journal.find().map(({ id }) => id);
    expect([ids.length, ids[0], ids.at(-1), journal.dropped]).toEqual([10_000, 4, 10_003, 3]);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    journal.clear();
    expect([journal.count(), journal.dropped]).toEqual([0, 0]);
  });

  test('keeps as many entries as it is told to', async () => {
    await using small = await startUsualMock({ limits: { journalEntries: 2 } });
    for (const clinic of ['ricci', 'nuovo', 'bianchi']) await requestToken(small, clinic, { scope });
    expect(small.journal.find().map(({ clinic }) => clinic)).toEqual(['nuovo', 'bianchi']);
    expect(small.journal.dropped).toBe(1);
  });
});
