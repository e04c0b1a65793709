// `arzamed why` asks a running mock for its explanations.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { bearerOf } from '../support/http.ts';
import { arzamedHere } from '../support/in-process.ts';
import { startUsualMock } from '../support/usual-mock.ts';

let mock: Mock;
beforeAll(async () => {
  mock = await startUsualMock({ controlToken: 'letters' });
  const scope = 'https://api.nextgen.arzamed.com/read';
  const headers = { Authorization: await bearerOf(mock, 'bianchi', { scope, status: 'revoked' }) };
  await fetch(`${mock.baseUrl}/equipe/doctors`, { headers });
});
afterAll(() => mock.close());

const why = (...args: string[]): ReturnType<typeof arzamedHere> =>
  arzamedHere('why', ...args, '--url', mock.url, '--control-token', 'letters');

test('without a request it says what happened, what to do and where that is said', async () => {
  const { code, stdout } = await why();
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^error {2}revoked_key {2}at [\d:]{8}\n {2}The API key was revoked\.\n {2}What to do: Do not retry/,
  );
  expect(stdout).toContain('Keys: bianchi-revoked. Requests: 2\n');
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});

test('with the number of a request it tells what was checked', async () => {
  const { code, stdout } = await why('2');
  expect(code).toBe(0);
  expect(stdout).toMatch(/\n {2}ok {2}path: .*\n {2}no {2}credentials: .*bianchi-revoked/);
  expect(stdout).toContain('Its token is from request 1.');
});

test('--json prints what the control API answers', async () => {
  expect(JSON.parse((await why('--json')).stdout)).toMatchObject([{ cause: 'revoked_key', entries: [2] }]);
  expect(JSON.parse((await why('2', '--json')).stdout)).toMatchObject({ tokenRequest: 1, entry: { id: 2 } });
});

test('what there is not, and where no mock is, is exit code 2 with what to do', async () => {
  expect(await why('9')).toMatchObject({ code: 2, stderr: expect.stringContaining('no journal entry 9') });
  const refused = await arzamedHere('why', '--url', mock.url);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('ARZAMED_CONTROL_TOKEN') });
  const nowhere = await arzamedHere('why', '--url', 'http://127.0.0.1:1');
  expect(nowhere).toMatchObject({ code: 2, stderr: expect.stringContaining('npx arzamed mock') });
});

test('health takes the URL of the mock, of its API and of a sandbox', async () => {
  await using sandbox = mock.sandboxes.create();
  for (const url of [mock.url, mock.baseUrl, sandbox.baseUrl])
    expect(await arzamedHere('health', url)).toMatchObject({ code: 0, stdout: 'Ready.\n' });
  expect(await arzamedHere('health', 'http://127.0.0.1:1/api/v1')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'arzamed: Not ready: No mock answers at http://127.0.0.1:1.\n',
  });
});
