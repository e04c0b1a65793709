// A program that has mixed up two sandboxes is told so, without a secret in any answer.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startMock, type Mock, type MockSandbox, type Told } from '../../src/mock/index.ts';
import { basic, bearerOf, bodyOf, keyOf, tokenUrlOf } from '../support/http.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const scope = 'https://api.nextgen.arzamed.com/read';

let mock: Mock;
let one: MockSandbox;
let other: MockSandbox;
let told: Told[];
beforeEach(async () => {
  told = [];
  mock = await startUsualMock({ onAnswer: (answered) => told.push(answered) });
  one = mock.sandboxes.create();
  other = mock.sandboxes.create();
});
afterEach(() => mock.close());

interface Mixed {
  name: string;
  asked: () => MockSandbox;
  owner: () => MockSandbox;
}

const mixed: Mixed[] = [
  { name: 'of another sandbox in a sandbox', asked: () => one, owner: () => other },
  { name: 'of the mock itself in a sandbox', asked: () => one, owner: () => mock },
  { name: 'of a sandbox at the mock itself', asked: () => mock, owner: () => one },
];

describe('a token', () => {
  test.each(mixed)('$name is refused as one of another sandbox', async ({ asked, owner }) => {
    const headers = { Authorization: await bearerOf(owner(), 'bianchi', { scope }) };
    const response = await fetch(`${asked().baseUrl}/equipe/doctors`, { headers });
    expect([response.status, await bodyOf(response)]).toEqual([401, { message: 'The bearer token is not valid.' }]);
    expect(response.headers.get('www-authenticate')).toContain(
      'error_description="The access token is that of another sandbox of this mock"',
    );
    expect(told.at(-1)).toMatchObject({ reason: 'other_sandbox' });
  });

  test('of a sandbox that has ended is known as such', async () => {
    const headers = { Authorization: await bearerOf(other, 'bianchi', { scope }) };
    await other.close();
    await fetch(`${one.baseUrl}/equipe/doctors`, { headers });
    expect(told.at(-1)).toMatchObject({ reason: 'other_sandbox' });
  });

  test('of another mock is simply no good', async () => {
    await using stranger = await startMock();
    const headers = { Authorization: await bearerOf(stranger, 'bianchi', { scope }) };
    await fetch(`${one.baseUrl}/equipe/doctors`, { headers });
    expect(told.at(-1)).toMatchObject({ reason: 'invalid_token' });
  });
});

async function askToken(asked: MockSandbox, credentials: Parameters<typeof basic>[0], clinic = 'bianchi') {
  const response = await fetch(tokenUrlOf(asked, clinic), {
    method: 'POST',
    headers: { Authorization: basic(credentials) },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
  });
  return bodyOf(response);
}

describe('a secret', () => {
  test.each(mixed)('$name is refused as one of another sandbox', async ({ asked, owner }) => {
    const key = keyOf(owner(), 'bianchi');
    const answer = await askToken(asked(), key);
    expect(answer).toEqual({
      error: 'invalid_client',
      error_description: 'The secret is that of another sandbox of this mock; each has secrets of its own.',
    });
    expect(told.at(-1)).toMatchObject({ status: 401, reason: 'other_sandbox' });
    expect(JSON.stringify(answer)).not.toContain(key.clientSecret);
  });

  test('of a key that was issued to another sandbox is known as well', async () => {
    await askToken(one, other.keys.issue({ clinic: 'bianchi' }));
    expect(told.at(-1)).toMatchObject({ reason: 'other_sandbox' });
  });

  test.each([
    ['is simply wrong where nobody has it', () => ({ clientId: 'bianchi-backend', clientSecret: 'wrong' })],
    ['of this sandbox is simply wrong at the token URL of another clinic', () => keyOf(one, 'ricci')],
  ])('%s', async (_name, credentials) => {
    expect(await askToken(one, credentials())).toMatchObject({
      error_description: 'The client is unknown at this token URL, or its secret is wrong.',
    });
    expect(told.at(-1)).toMatchObject({ reason: 'invalid_client' });
  });
});

describe('a path of a sandbox that does not exist', () => {
  test.each(['/s/nope/api/v1/equipe/doctors', '/s/nope/_mock/keys', '/s/nope', '/s/'])(
    'is answered with how to make one: %s',
    async (path) => {
      const response = await fetch(mock.url + path);
      const { hint } = await bodyOf(response);
      expect([response.status, hint]).toEqual([404, expect.stringContaining('POST /_mock/sandboxes creates one')]);
    },
  );

  test('says so also where it has ended', async () => {
    await one.close();
    const { message } = await bodyOf(await fetch(one.baseUrl));
    expect(message).toContain('POST /_mock/sandboxes creates one');
  });
});
