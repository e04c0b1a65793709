// What the vendor's operations do not show: methods that change something, in a client of another API.
import { expect, test } from '@jest/globals';
import { methodsOf } from '../../src/client/client.ts';
import { failureOf } from './support.ts';

interface Paths {
  '/berths': Record<string, { parameters: { query?: never }; responses: { 204: { content?: never } } }>;
}

/** What is sent of an operation of this method while the answer is 503. */
async function sentOf(method: string): Promise<string[]> {
  const sent: string[] = [];
  const api = {
    servers: ['https://api.invalid'],
    scopes: [],
    calls: { change: { method, path: '/berths', scopes: null, answers: {} } },
  } as const;
  const client = methodsOf<Paths, typeof api.calls>(
    {
      tokenUrl: 'https://token.invalid/',
      clientId: 'a',
      clientSecret: 'b',
      sleep: async () => {},
      fetch: async (url, init) => {
        sent.push(`${init.method} ${url}`);
        return new Response(null, { status: 503 });
      },
    },
    api,
  );
  await failureOf(client.change());
  return sent;
}

test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])('%s is tried again', async (method) => {
  const request = `${method} https://api.invalid/berths`;
  expect(await sentOf(method)).toEqual([request, request, request]);
});

test.each(['POST', 'PATCH'])('%s is not tried again, since it may have had its effect', async (method) => {
  expect(await sentOf(method)).toEqual([`${method} https://api.invalid/berths`]);
});
