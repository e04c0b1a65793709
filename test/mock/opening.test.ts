// A mock that has only been opened: `arzamed mock` listens and gives tokens before Prism is loaded.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { openMock } from '../../src/mock/start-mock.ts';
import { basic, bearerOf, bodyOf, keyOf, requestToken, tokenUrlOf } from '../support/http.ts';

const scope = 'https://api.nextgen.arzamed.com/read';

let mock: Mock;
beforeEach(async () => {
  mock = await openMock();
});
afterEach(() => mock.close());

test('gives a token without waiting for Prism, and the journal has it at once', async () => {
  expect((await requestToken(mock, 'bianchi', { scope })).status).toBe(200);
  expect(mock.journal.find()).toMatchObject([{ id: 1, clinic: 'bianchi', status: 200 }]);
});

test('adds to the journal what in the requests before Prism violates the specification', async () => {
  await requestToken(mock, 'bianchi', { scope });
  await fetch(tokenUrlOf(mock, 'ricci'), {
    method: 'POST',
    headers: { Authorization: basic(keyOf(mock, 'ricci')) },
    body: new URLSearchParams({ scope }),
  });
  await mock.load();
  expect(mock.journal.find()).toMatchObject([
    { id: 1, clinic: 'bianchi', status: 200, violations: undefined },
    { id: 2, clinic: 'ricci', status: 400, violations: [expect.stringContaining('grant_type')] },
  ]);
});

test('answers a call when Prism has been loaded for it', async () => {
  const Authorization = await bearerOf(mock, 'bianchi', { scope });
  const answer = await fetch(`${mock.baseUrl}/equipe/doctors`, { headers: { Authorization } });
  expect(answer.status).toBe(200);
  expect(await answer.json()).not.toEqual([]);
});

test('shows a journal that is whole, however early it is asked for', async () => {
  await requestToken(mock, 'bianchi', { scope });
  const answer = await bodyOf(await fetch(`${mock.url}/_mock/journal`));
  expect(answer['entries']).toMatchObject([{ operationId: 'requestToken', status: 200 }]);
});

test('has in the journal what came before Prism, and the call that Prism was loaded for, in their order', async () => {
  const Authorization = await bearerOf(mock, 'bianchi', { scope });
  await fetch(`${mock.baseUrl}/equipe/doctors`, { headers: { Authorization } });
  const entries = [
    { id: 1, operationId: 'requestToken' },
    { id: 2, operationId: 'listDoctors' },
  ];
  expect(await bodyOf(await fetch(`${mock.url}/_mock/journal`))).toMatchObject({ entries });
  expect(mock.journal.find()).toMatchObject(entries);
});
