import { describe, expect, test } from '@jest/globals';
import { oneAfterTheOther, Scripted, settle, status, tokenUrl } from './support.ts';

describe('onEvent', () => {
  test('is told of each answer, each retry and each new token, with what metrics need', async () => {
    const answers = oneAfterTheOther(status(503, { 'X-Request-Id': 'a1' }), () => Response.json([]));
    const scripted = new Scripted({
      call: (asked) => {
        scripted.time += 40;
        return answers(asked);
      },
    });
    const start = scripted.time;
    await scripted.client.listDoctors();
    expect(scripted.events.filter(({ type }) => type !== 'warning')).toEqual([
      { type: 'response', operation: 'token request', status: 200, milliseconds: 0, attempt: 1 },
      { type: 'token_renewed', expiresAt: start + 3_600_000 },
      { type: 'response', operation: 'listDoctors', status: 503, milliseconds: 40, attempt: 1, requestId: 'a1' },
      { type: 'retry', operation: 'listDoctors', attempt: 1, wait: 500, reason: 'unavailable' },
      { type: 'response', operation: 'listDoctors', status: 200, milliseconds: 40, attempt: 2 },
    ]);
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('mine');
      },
    ],
    ['rejects', async () => Promise.reject(new Error('mine'))],
  ])('does not break a call when it %s', async (_name, onEvent) => {
    const { client } = new Scripted({}, { onEvent });
    expect(await client.listDoctors()).toEqual([]);
    await settle();
  });
});

describe('a warning', () => {
  test('is told once where the base URL is neither a server of the specification nor beside the token URL', async () => {
    const scripted = new Scripted({}, { baseUrl: 'https://stranger.invalid/v1' });
    await scripted.client.listDoctors();
    await scripted.client.listDoctors();
    const warnings = scripted.events.filter(({ type }) => type === 'warning');
    expect(warnings).toEqual([{ type: 'warning', code: 'other_origin', origin: 'https://stranger.invalid' }]);
  });

  test.each([undefined, 'https://api-uat.nextgen.arzamed.com/api/v1', new URL('/v1', tokenUrl).href])(
    'is not told where it is one of them: %s',
    async (baseUrl) => {
      const { client, warnings } = new Scripted({}, { baseUrl });
      await client.listDoctors();
      expect(warnings).toEqual([]);
    },
  );

  test('is told once where the token endpoint sends the secret to another origin, which does not get it', async () => {
    const token = status(307, { Location: 'https://evil.invalid/token' });
    const scripted = new Scripted({ token }, { baseUrl: undefined });
    await Promise.allSettled([scripted.client.listDoctors()]);
    await Promise.allSettled([scripted.client.listDoctors()]);
    const warnings = scripted.events.filter(({ type }) => type === 'warning');
    expect(warnings).toEqual([{ type: 'warning', code: 'other_origin', origin: 'https://evil.invalid' }]);
    expect(scripted.tokenRequests.map(({ url }) => url)).toEqual([tokenUrl, tokenUrl]);
  });

  test('is not told where an answer leads elsewhere on the same origin', async () => {
    const scripted = new Scripted({ token: status(307, { Location: '/elsewhere' }) }, { baseUrl: undefined });
    await Promise.allSettled([scripted.client.listDoctors()]);
    expect(scripted.warnings).toEqual([]);
  });
});
