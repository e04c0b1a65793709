import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readLife } from '../../src/client/auth/tokens.ts';
import { windowsOf } from '../../src/client/auth/token-store.ts';
import { failureOf, oneAfterTheOther, Scripted, settle, status, tokenAnswer } from './support.ts';

const minute = 60_000;

describe('a token', () => {
  test('is asked for once by calls at the same time', async () => {
    const scripted = new Scripted();
    await Promise.all(Array.from({ length: 20 }, () => scripted.client.listDoctors()));
    expect(scripted.tokenRequests).toHaveLength(1);
  });

  test('is asked for with the id and secret form-encoded in HTTP Basic, and with the scopes of the operations', async () => {
    const scripted = new Scripted({}, { clientId: 'a:b', clientSecret: 'ü=&%' });
    await scripted.client.listDoctors();
    const [asked] = scripted.tokenRequests;
    expect(atob(asked?.authorization?.split(' ')[1] ?? '')).toBe('a%3Ab:%C3%BC%3D%26%25');
    expect(asked?.init.body).toBe('grant_type=client_credentials&scope=https%3A%2F%2Fapi.nextgen.arzamed.com%2Fread');
  });

  test('that is near its end is used on, and renewed once beside the calls', async () => {
    const scripted = new Scripted();
    await scripted.client.listDoctors();
    scripted.time += 56 * minute;
    await Promise.all([scripted.client.listDoctors(), scripted.client.listDoctors()]);
    await settle();
    await scripted.client.listDoctors();
    expect(scripted.calls.map(({ authorization }) => authorization?.at(-1))).toEqual(['1', '1', '1', '2']);
    expect(scripted.tokenRequests).toHaveLength(2);
  });

  test('in its last minute is not used any more: calls wait for the next', async () => {
    const scripted = new Scripted();
    await scripted.client.listDoctors();
    scripted.time += 59 * minute;
    await scripted.client.listDoctors();
    expect(scripted.calls.map(({ authorization }) => authorization?.at(-1))).toEqual(['1', '2']);
  });

  test('in its last minute is used all the same where it cannot be renewed, and until its end', async () => {
    const scripted = new Scripted({ token: oneAfterTheOther(() => tokenAnswer(), status(400)) });
    await scripted.client.listDoctors();
    scripted.time += 59 * minute;
    await scripted.client.listDoctors();
    expect(scripted.warnings).toEqual(['other_origin', 'renewal_failed']);
    scripted.time += minute;
    expect(await failureOf(scripted.client.listDoctors())).toMatchObject({ code: 'token_refused' });
    expect(scripted.calls).toHaveLength(2);
  });

  test('that was refused is not used again where it cannot be renewed', async () => {
    const scripted = new Scripted({ token: oneAfterTheOther(() => tokenAnswer(), status(400)), call: status(401) });
    expect(await failureOf(scripted.client.listDoctors())).toMatchObject({ code: 'token_refused' });
    expect(scripted.calls).toHaveLength(1);
  });

  test('that cannot be renewed early is used on; the next try follows after half a minute, with one warning', async () => {
    const scripted = new Scripted({ token: oneAfterTheOther(() => tokenAnswer(), status(400)) });
    await scripted.client.listDoctors();
    scripted.time += 56 * minute;
    for (const passed of [0, 29_999, 1, 0]) {
      scripted.time += passed;
      await scripted.client.listDoctors();
      await settle();
    }
    expect(scripted.tokenRequests).toHaveLength(3);
    expect(scripted.warnings).toEqual(['other_origin', 'renewal_failed']);
  });

  test.each([
    ['not there', undefined, 300],
    ['null', null, 300],
    ['zero', 0, 300],
    ['negative', -1, 300],
    ['no number', 'soon', 300],
    ['an object', {}, 300],
    ['digits in a string', '3600', 3600],
    ['a fraction', 0.5, 0.5],
    ['milliseconds, it seems', 3_600_000, 86_400],
  ])('whose expires_in is %s has a life of so many seconds', (_name, value, life) => {
    expect(readLife(value)).toBe(life);
  });

  test('has a life between nothing and a day, and windows of at most half of it, whatever expires_in is', () => {
    const oddities = fc.oneof(fc.jsonValue(), fc.double(), fc.integer(), fc.double().map(String));
    fc.assert(
      fc.property(oddities, fc.nat(), (value, obtainedAt) => {
        const life = readLife(value);
        expect(life).toBeGreaterThan(0);
        expect(life).toBeLessThanOrEqual(86_400);
        const expiresAt = obtainedAt + life * 1000;
        const [renewAt, requiredAt] = windowsOf({ accessToken: 'a', obtainedAt, expiresAt });
        expect(renewAt).toBeLessThanOrEqual(requiredAt);
        expect(requiredAt).toBeLessThanOrEqual(expiresAt);
        expect(expiresAt - renewAt).toBeLessThanOrEqual((life * 1000) / 2 + 0.001);
      }),
      { seed: 4, numRuns: 1000 },
    );
  });
});

const unusable: [name: string, answer: () => Response][] = [
  ['characters that no header may have', () => tokenAnswer('canary\r\nX-Injected: 1')],
  ['characters outside ASCII', () => tokenAnswer('canary-ü')],
  ['spaces', () => tokenAnswer('canary token')],
  ['nothing in it', () => tokenAnswer('')],
  ['another type', () => Response.json({ access_token: 'canary', token_type: 'DPoP' })],
  ['a type that is no text', () => Response.json({ access_token: 'canary', token_type: { toString: 1 } })],
];

describe('a token endpoint', () => {
  test.each(unusable)(
    'that gives a token with %s is not understood, and the token is not shown',
    async (_name, token) => {
      const scripted = new Scripted({ token });
      const failure = await failureOf(scripted.client.listDoctors());
      expect(failure).toMatchObject({ code: 'unexpected_response', operation: 'token request' });
      expect(failure).not.toHaveProperty('excerpt');
      expect(String(failure)).not.toContain('canary');
      expect(scripted.calls).toEqual([]);
    },
  );

  test('may write the type of the token in lower case, or leave it out', async () => {
    for (const type of [{ token_type: 'bearer' }, {}]) {
      const scripted = new Scripted({ token: () => Response.json({ access_token: 'canary', ...type }) });
      expect(await scripted.client.listDoctors()).toEqual([]);
    }
  });

  test('that is unavailable for a moment is asked again', async () => {
    const scripted = new Scripted({ token: oneAfterTheOther(status(503), status(429), () => tokenAnswer()) });
    expect(await scripted.client.listDoctors()).toEqual([]);
    expect(scripted.waits).toEqual([500, 1000]);
  });

  test('that stays unavailable is asked no more often for being part of a call', async () => {
    const scripted = new Scripted({ token: status(503) });
    const failure = await failureOf(scripted.client.listDoctors());
    expect(failure).toMatchObject({ code: 'unavailable', operation: 'token request', upstreamStatus: 503 });
    expect(scripted.tokenRequests).toHaveLength(3);
  });

  test('that refuses the client is not asked again in the same call, but is in the next', async () => {
    const refusal = (): Response => Response.json({ error: 'invalid_client' }, { status: 401 });
    const scripted = new Scripted({ token: oneAfterTheOther(refusal, () => tokenAnswer()) });
    expect(await failureOf(scripted.client.listDoctors())).toMatchObject({ code: 'token_refused' });
    expect(scripted.tokenRequests).toHaveLength(1);
    expect(await scripted.client.listDoctors()).toEqual([]);
  });
});
