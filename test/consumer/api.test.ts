import { expect, test } from '@jest/globals';
import { MatchersV3 } from '@pact-foundation/pact';
import { createClient, type Client, type Fetch } from '../../src/client/index.ts';
import { contractWith, fromState, json, text } from './support.ts';

const declare = contractWith('arzamed-api');

const path = '/api/v1/equipe/doctors';
const authorized = { Authorization: fromState('Bearer ${accessToken}', 'Bearer token') };
const message = { message: text(/^[\s\S]*\S[\s\S]*$/, 'What went wrong, for people.') };
const bearerChallenge = { 'WWW-Authenticate': MatchersV3.regex('^Bearer\\b.*', 'Bearer realm="api"') };

/** A client whose API is Pact's mock provider, and which already gets its tokens. */
function clientOf(providerUrl: string, send: Fetch = fetch): Client {
  const tokenUrl = 'https://token.invalid/';
  return createClient({
    tokenUrl,
    clientId: 'bianchi-backend',
    clientSecret: 'not-a-secret-bianchi-backend',
    baseUrl: `${providerUrl}/api/v1`,
    fetch: async (url, init) =>
      url === tokenUrl
        ? Response.json({ access_token: 'token', token_type: 'Bearer', expires_in: 3600 })
        : send(url, init),
  });
}

test("the clinic's doctors are listed, with their photos", async () => {
  const interaction = declare({
    states: [{ description: 'a bearer token', parameters: { clinic: 'ricci' } }],
    uponReceiving: 'a request for the doctors of a clinic whose doctors all have a photo',
    withRequest: { method: 'GET', path, headers: authorized },
    willRespondWith: {
      status: 200,
      headers: json,
      body: MatchersV3.atLeastLike(
        {
          name: text(/^[\s\S]*\S[\s\S]*$/, 'Dr. Marco Bianchi'),
          profileImage: text(/^[A-Za-z][A-Za-z\d+.-]*:\S*$/, 'https://assets.arzamed.com/photos/a1b2c3.jpg'),
        },
        1,
      ),
    },
  });
  await interaction.executeTest(async ({ url }) => {
    expect(await clientOf(url).listDoctors()).toEqual([
      { name: 'Dr. Marco Bianchi', profileImage: 'https://assets.arzamed.com/photos/a1b2c3.jpg' },
    ]);
  });
});

test('a doctor without a photo has null in its place', async () => {
  const interaction = declare({
    states: [{ description: 'a bearer token', parameters: { clinic: 'senza-foto' } }],
    uponReceiving: 'a request for the doctors of a clinic whose doctors have no photo',
    withRequest: { method: 'GET', path, headers: authorized },
    willRespondWith: {
      status: 200,
      headers: json,
      body: MatchersV3.atLeastLike(
        { name: text(/^[\s\S]*\S[\s\S]*$/, 'Dott.ssa Chiara Lo Presti'), profileImage: MatchersV3.nullValue() },
        1,
      ),
    },
  });
  await interaction.executeTest(async ({ url }) => {
    expect(await clientOf(url).listDoctors()).toEqual([{ name: 'Dott.ssa Chiara Lo Presti', profileImage: null }]);
  });
});

test('a clinic without doctors has an empty list', async () => {
  const interaction = declare({
    states: [{ description: 'a bearer token', parameters: { clinic: 'nuovo' } }],
    uponReceiving: 'a request for the doctors of a clinic that has none',
    withRequest: { method: 'GET', path, headers: authorized },
    willRespondWith: { status: 200, headers: json, body: [] },
  });
  await interaction.executeTest(async ({ url }) => {
    expect(await clientOf(url).listDoctors()).toEqual([]);
  });
});

test('a request without a token is refused', async () => {
  const interaction = declare({
    uponReceiving: 'a request for the doctors without a token',
    withRequest: { method: 'GET', path },
    willRespondWith: { status: 401, headers: { ...json, ...bearerChallenge }, body: message },
  });
  await interaction.executeTest(async ({ url }) => {
    // Something on the way, as proxies do, takes the header away.
    const client = clientOf(url, async (target, { headers: _taken, ...rest }) => fetch(target, rest));
    await expect(client.listDoctors()).rejects.toMatchObject({ code: 'unauthorized', upstreamStatus: 401 });
  });
});

test('an expired token is refused', async () => {
  const interaction = declare({
    states: [{ description: 'a bearer token', parameters: { clinic: 'bianchi', expired: true } }],
    uponReceiving: 'a request for the doctors with an expired token',
    withRequest: { method: 'GET', path, headers: authorized },
    willRespondWith: {
      status: 401,
      headers: {
        ...json,
        'WWW-Authenticate': MatchersV3.regex('^Bearer\\b.*error="invalid_token".*', 'Bearer error="invalid_token"'),
      },
      body: message,
    },
  });
  await interaction.executeTest(async ({ url }) => {
    await expect(clientOf(url).listDoctors()).rejects.toMatchObject({ code: 'unauthorized', upstreamStatus: 401 });
  });
});

test('a token of a revoked key is forbidden', async () => {
  const interaction = declare({
    states: [{ description: 'a bearer token', parameters: { clinic: 'bianchi', keyStatus: 'revoked' } }],
    uponReceiving: 'a request for the doctors with a token of a revoked key',
    withRequest: { method: 'GET', path, headers: authorized },
    willRespondWith: { status: 403, headers: json, body: message },
  });
  await interaction.executeTest(async ({ url }) => {
    await expect(clientOf(url).listDoctors()).rejects.toMatchObject({ code: 'forbidden', upstreamStatus: 403 });
  });
});

test('an upstream failure is told as unavailable', async () => {
  const interaction = declare({
    states: [
      { description: 'a bearer token', parameters: { clinic: 'bianchi' } },
      { description: 'the next answer', parameters: { operationId: 'listDoctors', status: 503 } },
    ],
    uponReceiving: 'a request for the doctors while the service is unavailable',
    withRequest: { method: 'GET', path, headers: authorized },
    willRespondWith: { status: 503, headers: json, body: message },
  });
  await interaction.executeTest(async ({ url }) => {
    await expect(clientOf(url).listDoctors()).rejects.toMatchObject({ code: 'unavailable', upstreamStatus: 503 });
  });
});
