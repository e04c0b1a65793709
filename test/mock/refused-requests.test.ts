// Of a request that is refused, the journal and the terminal know the clinic and the key as far as it says them.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { JournalEntry, Mock } from '../../src/mock/index.ts';
import { basic, bearerOf, keyOf, requestToken, tokenUrlOf } from '../support/http.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const scope = 'https://api.nextgen.arzamed.com/read';

let mock: Mock;
beforeAll(async () => {
  mock = await startUsualMock();
});
afterAll(() => mock.close());

function last(): JournalEntry | undefined {
  return mock.journal.find().at(-1);
}

async function call(authorization: string): Promise<void> {
  await (await fetch(`${mock.baseUrl}/equipe/doctors`, { headers: { Authorization: authorization } })).text();
}

describe('a call that is refused is told with clinic and key', () => {
  test('403 for a revoked key', async () => {
    await call(await bearerOf(mock, 'bianchi', { scope, status: 'revoked' }));
    expect(last()).toMatchObject({ status: 403, clinic: 'bianchi', clientId: 'bianchi-revoked' });
  });

  test('401 for an expired token', async () => {
    await using clocked = await startUsualMock();
    const authorization = await bearerOf(clocked, 'ricci', { scope });
    clocked.clock.advance({ hours: 1 });
    await fetch(`${clocked.baseUrl}/equipe/doctors`, { headers: { Authorization: authorization } });
    expect(clocked.journal.find({ clinic: 'ricci' }).at(-1)).toMatchObject({ status: 401, clientId: 'ricci-backend' });
  });

  test('and without them where it names none', async () => {
    await call('Bearer nonsense');
    expect(last()).toMatchObject({ status: 401, clinic: undefined, clientId: undefined });
  });
});

describe('a token request that is refused is told with its key', () => {
  test('for a wrong secret', async () => {
    await fetch(tokenUrlOf(mock, 'ricci'), {
      method: 'POST',
      headers: { Authorization: basic({ clientId: 'ricci-backend', clientSecret: 'wrong' }) },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
    });
    expect(last()).toMatchObject({
      status: 401,
      reason: 'invalid_client',
      clinic: 'ricci',
      clientId: 'ricci-backend',
      authentication: 'basic',
    });
  });

  test('for a wrong scope', async () => {
    await requestToken(mock, 'nuovo', { scope: 'wrong' });
    expect(last()).toMatchObject({ status: 400, clinic: 'nuovo', clientId: keyOf(mock, 'nuovo').clientId });
  });

  test('and without it where there is no such key', async () => {
    await fetch(tokenUrlOf(mock, 'ricci'), {
      method: 'POST',
      headers: { Authorization: basic({ clientId: 'canary', clientSecret: 'wrong' }) },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
    });
    expect(last()).toMatchObject({ clinic: 'ricci', clientId: undefined });
    expect(JSON.stringify(last())).not.toContain('canary');
  });
});
