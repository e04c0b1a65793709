// `arzamed mock --intercept` for a shell or an IDE of one's own.
import { describe, expect, test } from '@jest/globals';
import { run } from '../support/command.ts';
import { arzamedHere, mockHere } from '../support/in-process.ts';

const url = 'https://api.nextgen.arzamed.com/api/v1/equipe/doctors';

describe('arzamed mock --intercept', () => {
  test('prints the environment in which programs meet the mock, for the shell that it is told, and nothing else', async () => {
    await using mock = await mockHere(/}\n$/, '--port', '0', '--intercept', '--print-env', 'json');
    const variables: Record<string, string> = JSON.parse(mock.stdout);
    expect(variables).toMatchObject({
      ARZAMED_BASE_URL: 'https://api.nextgen.arzamed.com/api/v1',
      ARZAMED_CLIENT_ID: 'bianchi-backend',
    });
    const set = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
    const asked = await run('env', [...set, 'curl', '-sS', '-o', '/dev/null', '-w', '%{http_code}', url]);
    expect(asked).toEqual({ code: 0, stdout: '401', stderr: '' });
  });

  test('prints for sh where it is not told a shell', async () => {
    await using mock = await mockHere(/ARZAMED_MOCK_URL=.*\n/, '--port', '0', '--intercept');
    expect(mock.stdout).toMatch(/^export HTTPS_PROXY='http:\/\/127\.0\.0\.1:\d+'\n/m);
  });

  test('is what --print-env needs', async () => {
    const { code, stderr } = await arzamedHere('mock', '--port', '0', '--print-env', 'sh');
    expect(code).toBe(2);
    expect(stderr).toContain('Add --intercept.\n');
  });
});

test('arzamed mock has faults and a clock from the start', async () => {
  const scenario = ['--fault', '{"status":418,"operationId":"listDoctors"}', '--clock', '2030-01-02T03:04:05Z'];
  await using mock = await mockHere(/"url"/, '--port', '0', '--json', ...scenario);
  const { url: mockUrl, baseUrl }: { url: string; baseUrl: string } = JSON.parse(mock.stdout);
  expect((await fetch(`${baseUrl}/equipe/doctors`)).status).toBe(418);
  expect(await (await fetch(`${mockUrl}/_mock/clock`)).text()).toContain('2030-01-02T03:04:');
});
