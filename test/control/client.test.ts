import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { operationTable } from '../../src/generated/control/operations.ts';
import { createControlClient, type ControlClient } from '../../src/control/index.ts';
import type { Mock } from '../../src/mock/index.ts';
import { requestToken } from '../support/http.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const scope = 'https://api.nextgen.arzamed.com/read';

let mock: Mock;
let control: ControlClient;
beforeEach(async () => {
  mock = await startUsualMock();
  control = createControlClient({ url: mock.url });
});
afterEach(() => mock.close());

describe('the client of the control API', () => {
  test('has a method for each operation that answers once', () => {
    const answering = Object.keys(operationTable).filter((id) => id !== 'streamJournal');
    expect(Object.keys(control).toSorted()).toEqual(answering.toSorted());
  });

  test('sends bodies and gives answers, typed', async () => {
    await control.setClock({ body: { now: '2030-01-01T00:00:00.000Z' } });
    const { now } = await control.advanceClock({ body: { hours: 2 } });
    expect(now.slice(0, 16)).toBe('2030-01-01T02:00');
  });

  test('fills in paths, and takes an answer without a body', async () => {
    expect((await control.revokeKey({ path: { clientId: 'bianchi-backend' } })).status).toBe('revoked');
    expect(await control.reset()).toBeUndefined();
    expect(mock.clinics[0]?.keys[0]?.status).toBe('active');
  });

  test('sends queries', async () => {
    await requestToken(mock, 'ricci', { scope });
    await requestToken(mock, 'nuovo', { scope });
    expect(await control.countJournal({ query: { clinic: 'nuovo' } })).toEqual({ count: 1, dropped: 0 });
  });

  test('controls a sandbox by its URL', async () => {
    const { url } = await control.createSandbox();
    await createControlClient({ url }).revokeKey({ path: { clientId: 'bianchi-backend' } });
    const [first] = await control.listCredentials();
    expect(first?.keys[0]).toMatchObject({ clientId: 'bianchi-backend', status: 'active' });
  });

  test('says what the mock refuses, and why', async () => {
    await expect(control.revokeKey({ path: { clientId: 'nobody' } })).rejects.toMatchObject({
      name: 'ControlRefusedError',
      operation: 'revokeKey',
      status: 404,
      message: expect.stringMatching(/^revokeKey: There is no key nobody, only bianchi-backend, .* \(HTTP 404\)$/),
    });
  });

  test('says where no mock answers, and what to do', async () => {
    const { url } = mock;
    await mock.close();
    await expect(control.reset()).rejects.toMatchObject({
      name: 'ControlUnreachableError',
      operation: 'reset',
      url,
      message:
        `reset: no mock answers at ${url} (ECONNREFUSED). ` +
        'Start one with `npx arzamed mock`, or give createControlClient the url that it prints.',
      cause: expect.objectContaining({ message: 'fetch failed' }),
    });
  });

  test.each(['http://me:canary@127.0.0.1:1', 'me:canary@127.0.0.1', 'canary', 'canary:4010'])(
    'does not show a URL that cannot be asked, but how one looks: %s',
    async (url) => {
      const refusal: unknown = await createControlClient({ url })
        .reset()
        .catch((error: unknown) => error);
      expect(String(refusal)).toContain('reset: the url is not of the form http://HOST:PORT.');
      expect(inspect(refusal, { depth: 10 }).replaceAll(/^ +at .*$/gm, '')).not.toContain('canary');
    },
  );

  test('says that what answers is no mock', async () => {
    const fetch = async (): Promise<Response> => new Response('<html>', { status: 200 });
    await expect(createControlClient({ url: mock.url, fetch }).getClock()).rejects.toThrow(
      'getClock: the answer is not that of a mock (HTTP 200)',
    );
  });

  test('presents the control token', async () => {
    await using guarded = await startUsualMock({ controlToken: 'canary' });
    await expect(createControlClient({ url: guarded.url }).reset()).rejects.toMatchObject({ status: 401 });
    expect(await createControlClient({ url: guarded.url, token: 'canary' }).reset()).toBeUndefined();
  });

  test('ends with the reason of an abort', async () => {
    const reason = new Error('No longer needed.');
    await expect(control.getClock({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
