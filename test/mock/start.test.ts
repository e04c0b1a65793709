import { describe, expect, test } from '@jest/globals';
import { Problem, startMock } from '../../src/mock/index.ts';
import { bearerOf, bodyOf } from '../support/http.ts';

describe('startMock', () => {
  test('listens on a free port of this machine alone', async () => {
    await using first = await startMock();
    await using second = await startMock();
    expect(first.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(first.url).not.toBe(second.url);
  });

  test('says that it is ready and what it plays', async () => {
    await using mock = await startMock();
    expect(await bodyOf(await fetch(`${mock.url}/_mock/health`))).toEqual({
      status: 'ok',
      api: { title: 'Arzamed External API', version: '1.0.0' },
      clinics: ['bianchi', 'nuovo', 'ricci', 'san-giorgio', 'senza-foto'],
    });
  });

  test('ends with its block', async () => {
    let url = '';
    {
      await using mock = await startMock();
      url = mock.url;
    }
    await expect(fetch(`${url}/_mock/health`)).rejects.toThrow('fetch failed');
  });

  test('may be closed twice', async () => {
    const mock = await startMock();
    await mock.close();
    await expect(mock.close()).resolves.toBeUndefined();
  });

  test('shares no ordered answer with another mock in the process', async () => {
    await using first = await startMock();
    await using second = await startMock();
    const body = JSON.stringify({ state: 'the next answer', params: { operationId: 'listDoctors', status: 503 } });
    await fetch(`${first.url}/_mock/provider-states`, { method: 'POST', body });
    const headers = {
      Authorization: await bearerOf(second, 'nuovo', { scope: 'https://api.nextgen.arzamed.com/read' }),
    };
    expect((await fetch(`${second.baseUrl}/equipe/doctors`, { headers })).status).toBe(200);
  });

  test('throws a problem with a code that a program can decide by', async () => {
    const failure = await startMock({ spec: 'no/such.yaml' }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Problem);
    expect(failure).toMatchObject({ code: 'spec_missing' });
  });
});
