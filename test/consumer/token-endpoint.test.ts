import { expect, test } from '@jest/globals';
import { MatchersV3 } from '@pact-foundation/pact';
import { createClient, type Client } from '../../src/client/index.ts';
import { contractWith, fromState, json, positiveInteger, text } from './support.ts';

const declare = contractWith('arzamed-token-endpoint');

const tokenPath = '/auth/bianchi/oauth2/token';
const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const body = 'grant_type=client_credentials&scope=https%3A%2F%2Fapi.nextgen.arzamed.com%2Fread';
const noStore = { ...json, 'Cache-Control': MatchersV3.regex(String.raw`^.*\bno-store\b.*$`, 'no-store') };

/** A client whose token URL is Pact's mock provider, and whose API answers with an empty list and records the header. */
function clientOf(
  providerUrl: string,
  options: { clientSecret?: string; scope?: string } = {},
): {
  client: Client;
  presented: string[];
} {
  const presented: string[] = [];
  const client = createClient({
    tokenUrl: providerUrl + tokenPath,
    clientId: 'bianchi-backend',
    clientSecret: 'not-a-secret-bianchi-backend',
    baseUrl: 'https://api.invalid',
    fetch: async (url, init) => {
      if (url.startsWith(providerUrl)) return fetch(url, init);
      presented.push(new Headers(init.headers).get('authorization') ?? '');
      return Response.json([]);
    },
    ...options,
  });
  return { client, presented };
}

function basic(clientSecret: string): string {
  return `Basic ${Buffer.from(`bianchi-backend:${clientSecret}`).toString('base64')}`;
}

test('client credentials are exchanged for a bearer token, which the next call carries', async () => {
  const token = 'eyJraWQiOiJleGFtcGxlIiwiYWxnIjoiUlMyNTYifQ.eyJleGFtcGxlIjp0cnVlfQ.c2lnbmF0dXJl';
  const interaction = declare({
    states: [{ description: 'a key', parameters: { clinic: 'bianchi' } }],
    uponReceiving: 'a request for a token',
    withRequest: {
      method: 'POST',
      path: fromState('${tokenPath}', tokenPath),
      headers: { ...form, Authorization: fromState('${basic}', basic('not-a-secret-bianchi-backend')) },
      body,
    },
    willRespondWith: {
      status: 200,
      headers: noStore,
      body: {
        access_token: text(/^[\w-]+\.[\w-]+\.[\w-]+$/, token),
        token_type: 'Bearer',
        expires_in: positiveInteger(3600),
      },
    },
  });
  await interaction.executeTest(async ({ url }) => {
    const { client, presented } = clientOf(url);
    await client.listDoctors();
    expect(presented).toEqual([`Bearer ${token}`]);
  });
});

test('a wrong secret is refused', async () => {
  const interaction = declare({
    states: [{ description: 'a key', parameters: { clinic: 'bianchi' } }],
    uponReceiving: 'a request for a token with a wrong secret',
    withRequest: {
      method: 'POST',
      path: fromState('${tokenPath}', tokenPath),
      headers: { ...form, Authorization: basic('wrong') },
      body,
    },
    willRespondWith: {
      status: 401,
      headers: { ...noStore, 'WWW-Authenticate': MatchersV3.regex('^Basic .*', 'Basic realm="token endpoint"') },
      body: { error: 'invalid_client' },
    },
  });
  await interaction.executeTest(async ({ url }) => {
    const { client } = clientOf(url, { clientSecret: 'wrong' });
    await expect(client.listDoctors()).rejects.toMatchObject({
      code: 'token_refused',
      error: 'invalid_client',
      upstreamStatus: 401,
    });
  });
});

test('a wrong scope is refused', async () => {
  const interaction = declare({
    states: [{ description: 'a key', parameters: { clinic: 'bianchi' } }],
    uponReceiving: 'a request for a token with a wrong scope',
    withRequest: {
      method: 'POST',
      path: fromState('${tokenPath}', tokenPath),
      headers: { ...form, Authorization: fromState('${basic}', basic('not-a-secret-bianchi-backend')) },
      body: 'grant_type=client_credentials&scope=wrong',
    },
    willRespondWith: { status: 400, headers: noStore, body: { error: 'invalid_scope' } },
  });
  await interaction.executeTest(async ({ url }) => {
    const { client } = clientOf(url, { scope: 'wrong' });
    await expect(client.listDoctors()).rejects.toMatchObject({
      code: 'token_refused',
      error: 'invalid_scope',
      upstreamStatus: 400,
    });
  });
});
