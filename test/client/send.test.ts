// What the vendor's operations do not show: methods that change something.
import { expect, test } from '@jest/globals';
import { checkOptions } from '../../src/client/check-options.ts';
import { call } from '../../src/client/call.ts';
import { tokenSource } from '../../src/client/token-source.ts';
import { failureOf } from './support.ts';

async function attemptsOf(method: string): Promise<number> {
  let sent = 0;
  const settings = checkOptions({
    tokenUrl: 'https://token.invalid/',
    clientId: 'a',
    clientSecret: 'b',
    sleep: async () => {},
    fetch: async () => {
      sent += 1;
      return new Response(null, { status: 503 });
    },
  });
  const row = { method, path: '/', scopes: null, answers: {} };
  await failureOf(call(settings, tokenSource(settings), 'change', row, {}));
  return sent;
}

test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])('%s is tried again', async (method) => {
  expect(await attemptsOf(method)).toBe(3);
});

test.each(['POST', 'PATCH'])('%s is not tried again, since it may have had its effect', async (method) => {
  expect(await attemptsOf(method)).toBe(1);
});
