// A live provider: its states cannot be set, it is only read, and it holds personal data.
import { describe, expect, test } from '@jest/globals';
import { openProvider } from '../../../src/verify/provider/open-provider.ts';
import { shareVerifier } from '../../support/shared-verifier.ts';
import {
  brief,
  contractOf,
  environment,
  json,
  jsonBody,
  serve,
  verify,
  type RunningProvider,
  type Seen,
} from './support.ts';
import type { ServerResponse } from 'node:http';

shareVerifier();

const bearer = {
  generators: { header: { Authorization: { type: 'ProviderState', expression: 'Bearer ${accessToken}' } } },
};
const asked = (params?: Record<string, unknown>, more: object = {}): object => ({
  states: [{ name: 'a bearer token', ...(params ? { params } : {}) }],
  request: { headers: { Authorization: ['Bearer token'] }, ...bearer, ...more },
  response: {
    body: jsonBody({ name: 'x' }),
    matchingRules: { body: { '$.name': { combine: 'AND', matchers: [{ match: 'type' }] } } },
  },
});

/** Gives a token for the credentials of the environment, and a thing for the token. */
function serveReal(answer?: (request: Seen, response: ServerResponse) => void): Promise<RunningProvider> {
  return serve((request, response) => {
    if (request.path === '/token') return json(response, 200, { access_token: 'CANARY-token', token_type: 'Bearer' });
    return answer ? answer(request, response) : json(response, 200, { name: 'CANARY-name' });
  });
}

describe('a live provider', () => {
  test('is asked with the token that the credentials of the environment give, fetched once', async () => {
    await using provider = await serveReal();
    const verdicts = await verify(provider, [contractOf(asked(), asked())]);
    expect(verdicts.every(({ result }) => result === 'holds')).toBe(true);
    const [first, ...others] = provider.seen;
    const basic = Buffer.from(`real-client:${environment.ARZAMED_CLIENT_SECRET}`).toString('base64');
    expect(first).toMatchObject({ method: 'POST', path: '/token', headers: { authorization: `Basic ${basic}` } });
    expect(others.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/things', 'Bearer CANARY-token'],
      ['/things', 'Bearer CANARY-token'],
    ]);
  });

  test("gets the contract's token request at its own token URL, with its form as it is", async () => {
    await using provider = await serveReal();
    const generators = {
      header: { Authorization: { type: 'ProviderState', expression: '${basic}' } },
      path: { type: 'ProviderState', expression: '${tokenPath}' },
    };
    const headers = { Authorization: ['Basic x'], 'Content-Type': ['application/x-www-form-urlencoded'] };
    const body = {
      content: 'grant_type=client_credentials&scope=a%20b',
      contentType: 'application/x-www-form-urlencoded',
      encoded: false,
    };
    const verdicts = await verify(provider, [
      contractOf({
        states: [{ name: 'a key', params: { clinic: 'any' } }],
        request: { method: 'POST', path: '/auth/any/oauth2/token', headers, body, generators },
        response: { body: jsonBody({ token_type: 'Bearer' }) },
      }),
    ]);
    expect(verdicts.every(({ result }) => result === 'holds')).toBe(true);
    expect(provider.seen.at(-1)).toMatchObject({ path: '/token', body: body.content });
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'TRACE'])('is never sent %s', async (method) => {
    await using provider = await serveReal();
    const verdicts = await verify(provider, [contractOf({ request: { method } })]);
    expect(brief(verdicts)).toEqual(['not verifiable read-only']);
    expect(provider.seen).toEqual([]);
  });

  test.each([
    ['a state of its own', { states: [{ name: 'there are no things' }] }],
    ['a token of a revoked key', asked({ keyStatus: 'revoked' })],
    ['an expired token', asked({ expired: true })],
    ['an account that is not known to be that of the credentials', asked({ clinic: 'bianchi' })],
    [
      'a value that no credentials give',
      { ...asked(), request: { generators: { path: { type: 'ProviderState', expression: '/things/${thingId}' } } } },
    ],
  ])('cannot be brought to %s, which is no success', async (_name, interaction) => {
    await using provider = await serveReal();
    const verdicts = await verify(provider, [contractOf(interaction)]);
    expect(brief(verdicts)).toEqual(['not verifiable state']);
    expect(provider.seen).toEqual([]);
  });

  test('is in the states of an account that the user named', async () => {
    await using provider = await serveReal();
    const verdicts = await verify(provider, [contractOf(asked({ clinic: 'bianchi' }))], {
      account: { clinic: 'bianchi' },
    });
    expect(brief(verdicts)).toEqual(['holds status $.response.status', 'holds body $.response.body.name']);
  });

  test('gets no more requests than the budget allows, its health among them', async () => {
    await using provider = await serveReal();
    const contract = contractOf(...Array.from({ length: 5 }, () => asked()));
    const verdicts = await verify(provider, [contract], { budget: 4 });
    expect(brief(verdicts).filter((each) => each === 'not verifiable budget')).toHaveLength(3);
    expect(provider.seen).toHaveLength(3);
  });

  test('is no provider under test because its web site answers everything', async () => {
    await using provider = await serve((_request, response) => json(response, 200, { status: 'ok' }));
    const { access } = await openProvider({
      url: `${provider.url}/site`,
      environment: { ...environment, ARZAMED_TOKEN_URL: `${provider.url}/token` },
    });
    expect(access.kind).toBe('live');
  });

  test('asks for its credentials by the names of their variables', async () => {
    await using provider = await serveReal();
    const opened = openProvider({ url: provider.url, environment: { ARZAMED_TOKEN_URL: `${provider.url}/token` } });
    await expect(opened).rejects.toThrow(/Missing environment variables: ARZAMED_CLIENT_ID, ARZAMED_CLIENT_SECRET/);
  });

  test('gets no secret by a token URL that others can read', async () => {
    await using provider = await serveReal();
    const opened = openProvider({
      url: provider.url,
      environment: { ...environment, ARZAMED_TOKEN_URL: 'http://host.example/token' },
    });
    await expect(opened).rejects.toThrow(/ARZAMED_TOKEN_URL is not safe/);
  });

  test('gets no token over a connection that others can read', async () => {
    await using provider = await serveReal();
    const url = provider.url.replace('127.0.0.1', '0.0.0.0');
    const tokenUrl = `${provider.url}/token`;
    const readable = openProvider({ url, environment: { ...environment, ARZAMED_TOKEN_URL: tokenUrl } });
    await expect(readable).rejects.toThrow(/--provider is not safe to send a token to/);
  });

  test('that refuses the credentials is a mistake of the user', async () => {
    await using provider = await serve((_request, response) =>
      json(response, 401, { error: 'invalid_client', error_description: 'CANARY' }),
    );
    const verified = verify(provider, [contractOf(asked())]);
    await expect(verified).rejects.toThrow(/refuses the credentials[^]*401[^]*invalid_client/);
    await expect(verified).rejects.not.toThrow(/CANARY/);
  });
});

describe('what is said of a live provider', () => {
  test('holds no value of its answers and no credential, whatever is wrong', async () => {
    const wrong: unknown[] = [
      { name: { 'CANARY-key': 'CANARY-value' } },
      { 'CANARY-key': 1 },
      ['CANARY-item'],
      'CANARY-text',
      { name: null, 'CANARY-key': 1 },
    ];
    for (const body of wrong) {
      await using provider = await serveReal((_request, response) => {
        response.statusMessage = 'CANARY-reason';
        json(response, 404, body, { 'X-Total': 'CANARY-header', 'Content-Type': 'application/json; charset=CANARY' });
      });
      const demanding = contractOf({
        ...asked(),
        response: {
          headers: { 'X-Total': ['1'], 'Content-Type': ['application/json'] },
          body: jsonBody({ name: 'x', map: { a: 1 } }),
        },
      });
      const verdicts = await verify(provider, [demanding]);
      expect(verdicts.some(({ result }) => result === 'broken')).toBe(true);
      expect(JSON.stringify(verdicts)).not.toContain('CANARY');
    }
  });

  test('names no key that the contract does not, be it of a map of people', async () => {
    await using provider = await serveReal((_request, response) =>
      json(response, 200, { people: { 'CANARY Mario Rossi': { age: 'CANARY' } } }),
    );
    const map = contractOf({
      response: {
        body: jsonBody({ people: { anybody: { age: 1 } } }),
        matchingRules: {
          body: {
            '$.people': { combine: 'AND', matchers: [{ match: 'values' }] },
            '$.people.*': { combine: 'AND', matchers: [{ match: 'type' }] },
          },
        },
      },
    });
    const verdicts = await verify(provider, [map]);
    expect(brief(verdicts)).toContain('broken type $.response.body.people[*].age');
    expect(JSON.stringify(verdicts)).not.toContain('CANARY');
  });
});
