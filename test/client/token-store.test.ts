import { describe, expect, test } from '@jest/globals';
import type { StoredToken, TokenStore } from '../../src/client/index.ts';
import { Scripted, settle, tokenAnswer, tokenUrl, type Asked } from './support.ts';

const scope = 'https://api.nextgen.arzamed.com/read';
const key = `${tokenUrl} bianchi-backend ${scope}`;

function stored(accessToken: string): Map<string, StoredToken> {
  const obtainedAt = 1_000_000_000_000;
  return new Map([[key, { accessToken, obtainedAt, expiresAt: obtainedAt + 3_600_000 }]]);
}

describe('a token store', () => {
  test('gives a new client the token of another, which then asks for none', async () => {
    const tokenStore = new Map<string, StoredToken>();
    await new Scripted({}, { tokenStore }).client.listDoctors();
    const second = new Scripted({}, { tokenStore });
    await second.client.listDoctors();
    expect(second.tokenRequests).toEqual([]);
    expect(second.calls[0]?.authorization).toBe('Bearer canary-token-1');
  });

  test('gets each token under a key of token URL, client id and scope, without the secret', async () => {
    const tokenStore = new Map<string, StoredToken>();
    const { client, time } = new Scripted({}, { tokenStore });
    await client.listDoctors();
    expect([...tokenStore]).toEqual([
      [key, { accessToken: 'canary-token-1', obtainedAt: time, expiresAt: time + 3_600_000 }],
    ]);
  });

  test.each([{ clientId: 'other' }, { tokenUrl: 'https://other.invalid/' }, { scope: 'other' }])(
    'does not give a token to a client with %p',
    async (other) => {
      const asked: (string | null)[] = [];
      const fetch = async (url: string, init: RequestInit): Promise<Response> => {
        asked.push(new Headers(init.headers).get('authorization'));
        return url.includes('api') ? Response.json([]) : tokenAnswer('own');
      };
      await new Scripted({}, { tokenStore: stored('stored'), fetch, ...other }).client.listDoctors();
      expect(asked.at(-1)).toBe('Bearer own');
    },
  );

  test('that still holds the refused token does not give it again', async () => {
    const call = ({ authorization }: Asked): Response =>
      authorization === 'Bearer stored' ? new Response(null, { status: 401 }) : Response.json([]);
    const { client, tokenRequests } = new Scripted({ call }, { tokenStore: stored('stored') });
    expect(await client.listDoctors()).toEqual([]);
    expect(tokenRequests).toHaveLength(1);
  });

  test('in which another process has put a new token spares the renewal after a refusal', async () => {
    const tokenStore = stored('stored');
    const call = ({ authorization }: Asked): Response => {
      if (authorization !== 'Bearer stored') return Response.json([]);
      for (const [name, token] of stored('newer')) tokenStore.set(name, token);
      return new Response(null, { status: 401 });
    };
    const { client, tokenRequests } = new Scripted({ call }, { tokenStore });
    expect(await client.listDoctors()).toEqual([]);
    expect(tokenRequests).toEqual([]);
  });

  test.each([
    ['ends soon', 'stored', -3_300_000],
    ['no header may have', 'sto\nred', 0],
  ])('whose token %s is not used', async (_name, accessToken, shift) => {
    const tokenStore = stored(accessToken);
    const { client, tokenRequests } = new Scripted({}, { tokenStore, now: () => 1_000_000_000_000 - shift });
    await client.listDoctors();
    expect(tokenRequests).toHaveLength(1);
  });

  const never = (): Promise<never> => new Promise(() => {});
  const broken = (): never => {
    throw new Error('broken');
  };
  const rejecting = async (): Promise<never> => broken();
  test.each<[string, TokenStore]>([
    ['throws', { get: broken, set: broken }],
    ['rejects', { get: rejecting, set: rejecting }],
    ['hangs', { get: never, set: never }],
  ])('that %s is told once as a warning, and the client goes on without', async (_name, tokenStore) => {
    const scripted = new Scripted({}, { tokenStore, attemptTimeout: 20 });
    expect(await scripted.client.listDoctors()).toEqual([]);
    await settle();
    expect(scripted.warnings).toEqual(['other_origin', 'store_failed']);
  });
});
