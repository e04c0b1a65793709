// The user's path from the README, with curl as the vendor's quickstart uses it. That the built command line starts and
// ends as a process is shown with SIGINT; cut-pipe.test.ts has SIGTERM.
import { describe, expect, test } from '@jest/globals';
import { run, startArzamed } from '../support/command.ts';
import { mockHere } from '../support/in-process.ts';

interface Started {
  url: string;
  baseUrl: string;
  clinics: { clinic: string; tokenUrl: string; keys: { clientId: string; clientSecret: string; status: string }[] }[];
}

function parse(line: string): Started {
  const started: Started = JSON.parse(line);
  return started;
}

const doctors = [
  { name: 'Dr. Marco Bianchi', profileImage: 'https://assets.arzamed.com/photos/a1b2c3.jpg' },
  { name: 'Dr. Sofia Ricci', profileImage: null },
  { name: 'Dr. Luca Ferrari', profileImage: 'https://assets.arzamed.com/photos/g7h8i9.jpg' },
];

describe('arzamed mock', () => {
  test("answers the vendor's curl quickstart, with only token URL, credentials and host changed", async () => {
    await using mock = await mockHere(/\n/, '--port', '0', '--json');
    const { baseUrl, clinics } = parse(mock.stdout);
    const [clinic] = clinics;
    const key = clinic?.keys[0];
    const tokenRequest = `curl --silent --fail -X POST "${clinic?.tokenUrl}" \\
      -u "${key?.clientId}:${key?.clientSecret}" \\
      -H "Content-Type: application/x-www-form-urlencoded" \\
      -d "grant_type=client_credentials" \\
      -d "scope=https://api.nextgen.arzamed.com/read"`;
    const token = await run('sh', ['-c', tokenRequest]);
    const { access_token: accessToken, ...rest } = JSON.parse(token.stdout);
    expect(rest).toEqual({ token_type: 'Bearer', expires_in: 3600 });
    const call = `curl --silent --fail "${baseUrl}/equipe/doctors" -H "Authorization: Bearer ${accessToken}"`;
    const answer = await run('sh', ['-c', call]);
    expect(JSON.parse(answer.stdout)).toEqual(doctors);
  });

  test('prints a pair of calls that a shell runs as they stand', async () => {
    await using mock = await mockHere(/Ctrl-C/, '--port', '0');
    const pair = mock.stdout.slice(mock.stdout.indexOf('Try it:') + 7, mock.stdout.indexOf('Press Ctrl-C'));
    const { stdout, stderr } = await run('sh', ['-c', pair]);
    expect({ answer: JSON.parse(stdout), stderr }).toEqual({ answer: doctors, stderr: '' });
  });

  test("prints each clinic's token URL and credentials", async () => {
    await using mock = await mockHere(/Ctrl-C/, '--port', '0');
    expect(mock.stdout).toMatch(/bianchi +http:\/\/127\.0\.0\.1:\d+\/auth\/bianchi\/oauth2\/token\n/);
    expect(mock.stdout).toMatch(/bianchi-backend +not-a-secret-bianchi-backend\n/);
    expect(mock.stdout).toMatch(/bianchi-revoked +not-a-secret-bianchi-revoked +\(revoked\)\n/);
  });

  test('prints one line of JSON and nothing else with --json, and ends cleanly on SIGTERM', async () => {
    await using mock = await mockHere(/\n/, '--port', '0', '--json');
    const { stdout, ...ended } = await mock.stop('SIGTERM');
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(ended).toEqual({ code: 0, stderr: '' });
    const { url, baseUrl, clinics } = parse(stdout);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(baseUrl).toBe(`${url}/api/v1`);
    expect(clinics[0]).toEqual({
      clinic: 'bianchi',
      tokenUrl: `${url}/auth/bianchi/oauth2/token`,
      keys: expect.arrayContaining([
        { clientId: 'bianchi-backend', clientSecret: 'not-a-secret-bianchi-backend', status: 'active' },
        { clientId: 'bianchi-revoked', clientSecret: 'not-a-secret-bianchi-revoked', status: 'revoked' },
      ]),
    });
  });

  test('prints a line for each answered request, ends cleanly on SIGINT, and says that it has stopped', async () => {
    await using mock = await startArzamed(/Ctrl-C/, 'mock', '--port', '0');
    const url = /at (http:\/\/[\d.:]+)\/api\/v1/.exec(mock.stdout)?.[1] ?? '';
    await fetch(`${url}/api/v1/equipe/doctors`);
    const { stdout, ...ended } = await mock.stop('SIGINT');
    expect(ended).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /\n  \d\d:\d\d:\d\d  #1  401  GET   \/api\/v1\/equipe\/doctors  missing_token  \d+ ms\n[^]*Stopped\.\n$/,
    );
  });

  test('serves another specification with other clinics', async () => {
    const options = ['--spec', 'test/other-api/ferries.yaml', '--clinics', 'test/other-api/clinics'];
    await using mock = await mockHere(/\n/, '--port', '0', '--json', ...options);
    const { baseUrl, clinics } = parse(mock.stdout);
    expect(clinics.map(({ clinic }) => clinic)).toEqual(['baltic', 'nordic']);
    expect(await (await fetch(`${baseUrl}/ports`)).json()).toEqual(['HEL', 'TLL', 'STO']);
  });
});
