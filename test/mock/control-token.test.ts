import { networkInterfaces } from 'node:os';
import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { startMock, type Mock } from '../../src/mock/index.ts';
import { bodyOf } from '../support/http.ts';
import { startUsualMock } from '../support/usual-mock.ts';

async function ask(mock: Mock, token?: string, path = '/credentials', headers = {}): Promise<number> {
  const authorization = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const response = await fetch(`${mock.url}/_mock${path}`, { headers: { ...authorization, ...headers } });
  await response.text();
  return response.status;
}

describe('a mock for this machine', () => {
  test('asks for no control token', async () => {
    await using mock = await startUsualMock();
    expect([mock.controlToken, await ask(mock)]).toEqual([undefined, 200]);
  });

  test('asks for one if it is told to', async () => {
    await using mock = await startUsualMock({ controlToken: 'canary' });
    expect([await ask(mock), await ask(mock, 'wrong'), await ask(mock, 'canary')]).toEqual([401, 401, 200]);
  });
});

describe('a mock for other machines', () => {
  test('asks for a control token of its own making', async () => {
    await using mock = await startUsualMock({ host: '0.0.0.0' });
    expect(mock.controlToken).toMatch(/^.{36}$/);
    expect([await ask(mock), await ask(mock, mock.controlToken)]).toEqual([401, 200]);
  });

  test('says what is missing', async () => {
    await using mock = await startUsualMock({ host: '0.0.0.0' });
    const response = await fetch(`${mock.url}/_mock/reset`, { method: 'POST' });
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="control"');
    expect((await bodyOf(response))['message']).toContain('Authorization: Bearer TOKEN');
  });

  test('tells everybody whether it is ready', async () => {
    await using mock = await startUsualMock({ host: '0.0.0.0' });
    expect(await ask(mock, undefined, '/health')).toBe(200);
  });

  test('is controlled under any of its names, and still not by a page of another origin', async () => {
    await using mock = await startUsualMock({ host: '0.0.0.0' });
    const address = Object.values(networkInterfaces())
      .flat()
      .find((each) => each?.family === 'IPv4' && !each.internal)?.address;
    const url = new URL(mock.url);
    // A machine without a network has loopback alone, and several addresses of that.
    url.hostname = address ?? '127.0.0.2';
    const headers = { Authorization: `Bearer ${mock.controlToken}` };
    expect((await fetch(new URL('/_mock/credentials', url), { headers })).status).toBe(200);
    expect(await ask(mock, mock.controlToken, '/credentials', { Origin: 'http://evil.example' })).toBe(403);
  });

  test('asks for the token in its sandboxes as well', async () => {
    await using mock = await startUsualMock({ host: '0.0.0.0' });
    const { url } = mock.sandboxes.create();
    expect((await fetch(`${url}/_mock/credentials`)).status).toBe(401);
  });
});

test('the control token is not shown by who looks at the mock', async () => {
  await using mock = await startUsualMock({ controlToken: 'canary' });
  expect(inspect(mock, { depth: 10, showHidden: true })).not.toContain('canary');
  expect(JSON.stringify(mock)).not.toContain('canary');
});

test('a control token that no header can carry is refused, and not shown', async () => {
  const refusal = await startMock({ controlToken: 'canary canary' }).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: 'control_token_unusable' });
  expect(String(refusal)).not.toContain('canary');
});
