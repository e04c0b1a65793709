// What the vendor's specification does not show: several scopes, no server, operations for everybody.
import { afterEach, expect, test } from '@jest/globals';
import type { ApiTable } from '../../src/client/types.ts';
import { createClientFromEnv, type ClientOptions } from '../../src/client/index.ts';
import { methodsOf } from '../../src/client/client.ts';
import { failureOf } from './support.ts';

interface Paths {
  '/berths': {
    get: { parameters: { query?: never }; responses: { 200: { content: { 'application/json': string[] } } } };
  };
}

const tokenUrl = 'https://token.invalid/';

/** A client of an API whose one operation is answered by a function. */
function clientOf(
  { scopes, ...api }: Partial<Omit<ApiTable, 'calls' | 'scopes'>> & { scopes?: string[] | null },
  options: Partial<ClientOptions> = {},
): { look(): Promise<unknown> } {
  const needed = scopes === undefined ? ['berths:read'] : scopes;
  const table = {
    servers: ['https://api.invalid'],
    scopes: ['berths:read', 'berths:write'],
    calls: { look: { method: 'GET', path: '/berths', scopes: needed, answers: { 200: ['array'] } } },
    ...api,
  } as const;
  return methodsOf<Paths, typeof table.calls>(
    { tokenUrl, clientId: 'a', clientSecret: 'some-secret', ...options },
    table,
  );
}

test('the scopes of all operations are asked for, separated by spaces', async () => {
  const forms: string[] = [];
  const fetch = async (url: string, { body }: RequestInit): Promise<Response> => {
    if (url !== tokenUrl) return Response.json([]);
    if (typeof body === 'string') forms.push(body);
    return Response.json({ access_token: 'a', token_type: 'Bearer' });
  };
  await clientOf({}, { fetch }).look();
  expect(new URLSearchParams(forms[0]).get('scope')).toBe('berths:read berths:write');
});

test('without a server in the specification, the base URL must be given', () => {
  expect(() => clientOf({ servers: [] })).toThrow(/option baseUrl must be an https URL.*Found: no URL/);
  expect(() => clientOf({ servers: [] }, { baseUrl: 'https://api.invalid' })).not.toThrow();
});

test('a document whose server is on this machine is called there with a token of this machine', () => {
  expect(() =>
    clientOf({ servers: ['http://localhost:8080/v1'] }, { tokenUrl: 'http://localhost:8080/token' }),
  ).not.toThrow();
});

test('a server without a host is no origin that is known', async () => {
  const warnings: unknown[] = [];
  const onEvent = (event: unknown): void => void warnings.push(event);
  clientOf({ servers: ['/v1'] }, { baseUrl: 'https://other.invalid', onEvent });
  expect(warnings).toEqual([{ type: 'warning', code: 'other_origin', origin: 'https://other.invalid' }]);
});

test('a URL that only holds one that would do is refused', () => {
  expect(() => clientOf({}, { baseUrl: 'blob:https://api.invalid/' })).toThrow(/baseUrl must be an https URL/);
});

test('an operation for everybody fails with the beginning of the body as it came', async () => {
  const fetch = async (): Promise<Response> => new Response('undefined berth', { status: 404 });
  const failure = await failureOf(clientOf({ scopes: null }, { fetch }).look());
  expect(failure).toMatchObject({ code: 'unexpected_response', excerpt: 'undefined berth' });
});

const variables = { ARZAMED_TOKEN_URL: tokenUrl, ARZAMED_CLIENT_ID: 'a', ARZAMED_CLIENT_SECRET: 'b' };
afterEach(() => {
  for (const name of Object.keys(variables)) delete process.env[name];
});

test('the environment is that of the process unless another is given', () => {
  expect(() => createClientFromEnv()).toThrow(/ARZAMED_TOKEN_URL is missing/);
  Object.assign(process.env, variables);
  expect(() => createClientFromEnv()).not.toThrow();
});
