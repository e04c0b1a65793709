// Programs whose code names the real host, run by `arzamed exec`. They know nothing of a mock.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { rootCertificates } from 'node:tls';
import { describe, expect, test } from '@jest/globals';
import { executable, invocation, run, type Ended } from '../support/command.ts';
import { setVariables } from '../support/environment.ts';
import { execHere } from '../support/exec-here.ts';
import { arzamedHere, arzamedIn } from '../support/in-process.ts';
import { isLong, runs } from '../support/runs.ts';
import { placeIn, sarifResults } from '../support/sarif.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const inLong = isLong ? test : test.skip;

const host = 'https://api.nextgen.arzamed.com';
const programs = resolve('test/clients/programs');

/** Runs `arzamed exec` with options before `--`, and its program in the folder of the programs. */
function exec(...args: string[]): Promise<Ended> {
  const at = args.indexOf('--');
  return execHere(programs, args.slice(0, at), ...args.slice(at + 1));
}

describe('arzamed exec', () => {
  const ask = ['curl', '-sS', '-o', '/dev/null', '-w', '%{http_code}', `${host}/api/v1/equipe/doctors`];

  inLong('says so where no request came to the mock', async () => {
    expect((await exec('--', 'true')).stderr).toMatch(
      /^arzamed: No requests to (?!.*invalid).* arrived\. The program asked for no host .*docs\/exec\.md .*\n$/,
    );
  });

  test('with --fail-on, a program that reached nothing fails, and is told why', async () => {
    const told = await exec('--fail-on', 'error', '--', 'true');
    expect(told.code).toBe(1);
    expect(told.stderr).toMatch(/ arrived\. .* Nothing was tested, so --fail-on makes this a failure\.\n$/);
    expect((await exec('--fail-on', 'error', '--', 'sh', '-c', 'exit 5')).code).toBe(5);
  });

  inLong(
    'with --fail-on, a program passes whose requests are in the journal no more, or were for a photo',
    async () => {
      await using folder = await temporaryFolder();
      const report = `${folder.path}/r.json`;
      const forgetting = `${ask.join(' ')}; curl -sSX POST $ARZAMED_MOCK_URL/_mock/reset`;
      const { code, stderr } = await exec('--fail-on', 'warn', '--report', report, '--', 'sh', '-c', forgetting);
      expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('No requests') });
      expect(JSON.parse(await readFile(report, 'utf8'))).toMatchObject({
        requests: 1,
        operations: [{ operation: 'listDoctors', requests: 1, statuses: { 401: 1 } }],
      });
      const photo = ['curl', '-sSo', '/dev/null', 'https://assets.arzamed.com/photos/a1b2c3.jpg'];
      expect(await exec('--fail-on', 'warn', '--', ...photo)).toMatchObject({ code: 0, stderr: '' });
    },
  );

  test('says that token requests are refused, why, and what to do', async () => {
    const requests = [
      ['a:b', 'grant_type=client_credentials', 'invalid_client. Send the id and the secret of one key by HTTP Basic'],
      ['$ID', 'grant_type=password', 'unsupported_grant_type. Send grant_type=client_credentials.'],
      ['$ID', 'grant_type=client_credentials -d scope=x', 'invalid_scope. Ask for a scope that'],
      ['$ID', 'grant_type=a -d grant_type=b', 'invalid_request. Send a form as the specification describes it.'],
    ];
    const twice = requests.map(
      ([user, form]) => `curl -sS -u "${user}" -d ${form} "$ARZAMED_TOKEN_URL?[1-2]" -o /dev/null;`,
    );
    const program = `ID="$ARZAMED_CLIENT_ID:$ARZAMED_CLIENT_SECRET"; ${twice.join(' ')}`;
    const { code, stderr } = await exec('--', 'sh', '-c', program);
    for (const [, , said] of requests) {
      expect(stderr).toContain(`arzamed: 2 token requests were refused for the clinic bianchi: ${said}`);
    }
    expect(code).toBe(0);
  });

  test('annotates the file of the program for GitHub, on stderr', async () => {
    await using folder = await temporaryFolder({ 'silent.sh': '' });
    const args = ['--fail-on', 'warn', '--format', 'github', '--', 'sh', 'silent.sh'];
    const silent = await arzamedIn(folder.path, 'exec', ...args);
    expect(silent).toMatchObject({ code: 1, stdout: '' });
    expect(silent.stderr).toMatch(
      /^::error file=silent\.sh,line=1,title=arzamed exec%3A no-request::No requests to .* arrived\./m,
    );
  });

  inLong('annotates the operation in the document where the program is no file', async () => {
    await using folder = await temporaryFolder({ 'api.yaml': await readFile('openapi/arzamed.yaml', 'utf8') });
    const github = ['exec', '--fail-on', 'warn', '--format', 'github'];
    const token = `curl -sS -o /dev/null -u "$ARZAMED_CLIENT_ID:$ARZAMED_CLIENT_SECRET" -d grant_type=client_credentials -d scope=https://api.nextgen.arzamed.com/read "$ARZAMED_TOKEN_URL"`;
    const report = ['--spec', 'api.yaml', '--report', 'r.sarif'];
    const asking = ['--', 'sh', '-c', `${token}; ${token}`];
    const { code, stderr } = await arzamedIn(folder.path, ...github, ...report, ...asking);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^::warning file=api\.yaml,line=\d+,title=arzamed exec%3A token-not-cached::/m);
    const [result] = await sarifResults(`${folder.path}/r.sarif`);
    expect(result && placeIn(result)).toBe(/file=(api\.yaml),line=(\d+)/.exec(stderr)?.slice(1).join(':'));
  });

  inLong(
    'does not blame the program for a token request that a fault refuses, and names the fault in each report',
    async () => {
      await using folder = await temporaryFolder();
      const files = ['r.json', 'r.md', 'r.html'].map((name) => `${folder.path}/${name}`);
      const fault = '{"operationId":"requestToken","status":401,"delivery":"chunked","count":1}';
      const program =
        'curl -sS -o /dev/null -d a=b "$ARZAMED_TOKEN_URL"; curl -sS -o /dev/null -H "Prefer: code=503" "$ARZAMED_BASE_URL/equipe/doctors"';
      const { stderr } = await exec(
        '--fault',
        fault,
        ...files.flatMap((file) => ['--report', file]),
        '--',
        'sh',
        '-c',
        program,
      );
      expect(stderr).not.toContain('token request');
      const [json = '', markdown, html] = await Promise.all(files.map((file) => readFile(file, 'utf8')));
      expect(JSON.parse(json)).toMatchObject({
        operations: [{ faults: { 'status 401, body sent in chunks': 1 } }, {}],
      });
      expect(markdown).toContain('| requestToken | 1 | 401 (1) | status 401, body sent in chunks (1) |');
      expect(html).toContain('Fault: status 401, body sent in chunks <small>1×</small>');
    },
  );

  inLong('says so where the program refuses TLS, and what to do', async () => {
    const { stderr } = await exec('--', 'sh', '-c', `curl -s --cacert /dev/null ${host}/; true`);
    expect(stderr).toMatch(/ arrived\. The program asked for api\.nextgen\.arzamed\.com, but .*\$SSL_CERT_FILE.*\n$/);
  });

  inLong('says so where the program asks for another host instead, and what to do', async () => {
    const { stderr } = await exec('--', 'sh', '-c', 'curl -s https://api.other.example/; true');
    expect(stderr).toMatch(
      / arrived\. The program asked for api\.other\.example instead: .*--host api\.other\.example\.\n$/,
    );
  });

  test('counts what its sandboxes see, also those that have ended', async () => {
    await using folder = await temporaryFolder();
    const report = `${folder.path}/r.json`;
    const program = `
      const { ARZAMED_MOCK_URL: mock } = process.env;
      const post = (url, headers, body) => fetch(url, { method: 'POST', headers, body });
      for (const end of [true, false]) {
        const { id, controlUrl, clinics } = await (await post(mock + '/_mock/sandboxes')).json();
        if (!(await fetch(controlUrl + '/health')).ok) throw new Error('It cannot be controlled.');
        const [{ tokenUrl, keys: [{ clientId, clientSecret }] }] = clinics;
        const headers = { authorization: 'Basic ' + btoa(clientId + ':' + clientSecret) };
        const form = new URLSearchParams({ grant_type: 'client_credentials', scope: '${host}/read' });
        for (let i = 0; i < 6; i += 1) await (await post(tokenUrl, headers, form)).text();
        if (end) await fetch(mock + '/_mock/sandboxes/' + id, { method: 'DELETE' });
      }`;
    const node = [process.execPath, '--input-type=module', '-e', program];
    const { code, stderr } = await exec('--fail-on', 'warn', '--report', report, '--', ...node);
    expect(stderr).toMatch(/^arzamed: warn: token-not-cached: /m);
    expect(stderr).not.toContain('No requests');
    expect(code).toBe(1);
    expect(JSON.parse(await readFile(report, 'utf8'))).toMatchObject({
      requests: 12,
      operations: [{ operation: 'requestToken', requests: 12, statuses: { 200: 12 } }],
      findings: [{ id: 'token-not-cached' }],
    });
  });

  const onLinux = process.platform === 'linux' ? test : test.skip;
  onLinux('names the program that refuses TLS, or asks for another host, by its command and script alone', async () => {
    await using folder = await temporaryFolder({
      'ask.sh': 'curl -s "$@"; true',
      'other.pem': rootCertificates[0] ?? '',
    });
    const script = [`sh`, `${folder.path}/ask.sh`, '-u', 'a:not-a-secret'];
    const { stderr } = await exec('--', ...script, '--cacert', `${folder.path}/other.pem`, host);
    expect(stderr).toMatch(
      /^arzamed: api\.nextgen\.arzamed\.com: curl \(process \d+\) does not trust the certificate/m,
    );
    expect(stderr).toMatch(/ asked for api\.nextgen\.arzamed\.com, but curl \(process \d+\) does not trust /);
    const other = await exec('--', ...script, 'https://api.other.example/');
    expect(other.stderr).toMatch(/instead: if the mock is to answer curl \(process \d+\) there, add /);
    expect(stderr + other.stderr).not.toContain('not-a-secret');
  });

  onLinux('names the programs that ran without what it has set', async () => {
    // Long enough to be seen: no event tells when that is. A process of its own loads the mock meanwhile.
    const { stderr } = await exec('--', 'sh', '-c', `env -i sleep ${executable === undefined ? 0.6 : 3}`);
    expect(stderr).toMatch(/^arzamed: sleep \(process \d+\) ran without HTTPS_PROXY: .*docs\/exec\.md.*$/m);
    expect(stderr).not.toContain('sh (process');
  });

  test('gives 127 and a sentence where there is no such command', async () => {
    const { code, stderr } = await arzamedHere('exec', '--', 'no-such-command');
    expect({ code, stderr }).toEqual({
      code: 127,
      stderr:
        'arzamed: no-such-command: No such command.\n' +
        'Check the spelling; a program that is not in PATH needs its path, such as ./program.\n',
    });
  });

  test('refuses other hosts and says so, once for each', async () => {
    const twice = 'curl -sS https://other.example/; curl -sS https://other.example/; true';
    const { code, stderr } = await exec('--', 'sh', '-c', twice);
    expect(code).toBe(0);
    const said = 'refused a request to other.example; allow other hosts with --allow-network.';
    const program = process.platform === 'linux' ? / It was one of curl \(process \d+\)\.$/ : /\.$/;
    expect(stderr.split('\n').filter((line) => line.includes(said))).toEqual([expect.stringMatching(program)]);
  });

  inLong('plays further hosts that it is told', async () => {
    const url = 'https://staging.clinic.example/api/v1/equipe/doctors';
    const { stdout } = await exec('--host', 'staging.clinic.example', '--', ...ask.slice(0, -1), url);
    expect(stdout).toBe('401');
  });

  inLong('serves the photos to which the answers lead, and 404 for others', async () => {
    const photo = 'curl -sS -o /dev/null -w "%{http_code} %{content_type} " https://assets.arzamed.com/photos';
    const { stdout } = await exec('--', 'sh', '-c', `${photo}/a1b2c3.jpg; ${photo}/none.jpg`);
    expect(stdout).toMatch(/^200 image\/jpeg 404 /);
  });

  test('has faults and a clock from the start', async () => {
    const fault = '{"operationId":"listDoctors","status":503,"count":1}';
    const both = `${ask.join(' ')}; curl -sS $ARZAMED_MOCK_URL/_mock/clock`;
    const { stdout } = await exec('--fault', fault, '--clock', '2030-01-02T03:04:05Z', '--', 'sh', '-c', both);
    expect(stdout).toMatch(/^503.*2030-01-02T03:04/);
  });

  test.each([
    [['--fault', '{"status":503,"often":2}'], /^arzamed: Invalid --fault\.\n.*often/s],
    [['--fault', 'status=503'], /Invalid --fault\.\n {2}found {4}status=503\n {2}reason {3}The body .* not JSON/s],
    [['--clock', 'soon'], /Invalid --clock\.\n {2}found {4}soon\n/],
    [['--clinic', 'nowhere'], /^arzamed: There is no clinic nowhere\.\n {2}clinics {2}bianchi, nuovo, /],
    [['--host', 'https://a.example/'], /^arzamed: Expected a hostname only\.\n/],
    ...['*.example.com', '*', 'a*.example']
      .slice(0, runs(1, 3))
      .map((host) => [['--host', host], /^arzamed: A host is one name, without patterns\.\n/] as const),
    ...['.', '..', '.example.com', 'a..example', '']
      .slice(0, runs(1, 5))
      .map((host) => [['--host', host], /^arzamed: Expected a hostname only\.\n/] as const),
    [
      ['--report', 'report.pdf'],
      /report\.pdf: Unknown report format\.\n {2}expected {2}\.json, \.md, \.codequality, \.sarif, \.html\n/,
    ],
    [['--spec', 'missing.yaml'], /^arzamed: missing\.yaml: /],
  ])('refuses %j before the program starts', async (options, message) => {
    const { code, stdout, stderr } = await exec(...options, '--', 'echo', 'started');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('with --fail-on, findings make a program that ended well a failure, and no other', async () => {
    const pestering =
      'curl -sS -u "$ARZAMED_CLIENT_ID:$ARZAMED_CLIENT_SECRET" -d grant_type=client_credentials ' +
      `-d scope=${host}/read -o /dev/null "$ARZAMED_TOKEN_URL?[1-6]";`;
    const program = (code: number): string[] => ['sh', '-c', `${pestering} exit ${code}`];
    const told = await exec('--fail-on', 'warn', '--', ...program(0));
    expect(told.code).toBe(1);
    expect(told.stderr).toMatch(/^arzamed: warn: token-not-cached: /m);
    expect((await exec('--fail-on', 'warn', '--', ...program(5))).code).toBe(5);
  });

  inLong('goes on where a fault resets the connection', async () => {
    const { stdout } = await exec('--fault', '{"delivery":"reset"}', '--', 'sh', '-c', `${ask.join(' ')}; echo " $?"`);
    expect(stdout).toMatch(/^000 (35|56)\n$/);
  });

  test('writes reports in the format that their names say, without a secret or token', async () => {
    await using folder = await temporaryFolder();
    const file = (name: string): string => `${folder.path}/${name}`;
    const reports = ['r.json', 'r.md', 'r.html'].flatMap((name) => ['--report', file(name)]);
    const { code } = await exec(...reports, '--', 'sh', '-c', 'sh curl.sh; curl -sS https://other.example/; true');
    expect(code).toBe(0);
    const texts = await Promise.all(['r.json', 'r.md', 'r.html'].map((name) => readFile(file(name), 'utf8')));
    const [json = '', markdown, html] = texts;
    expect(JSON.parse(json)).toMatchObject({
      command: 'sh',
      exitCode: 0,
      requests: 2,
      operations: [
        { operation: 'requestToken', requests: 1, statuses: { 200: 1 }, violations: [] },
        { operation: 'listDoctors', requests: 1, statuses: { 200: 1 } },
      ],
      refused: [{ host: 'other.example', times: 1 }],
      findings: [],
    });
    expect(markdown).toMatch(/^# sh against the mock\n[^]*\| listDoctors \| 1 \| 200 \(1\) \|/);
    expect(html).toContain('<!doctype html>');
    for (const text of [markdown, html]) expect(text).toContain('Refused hosts');
    for (const text of texts) expect(text).not.toMatch(/not-a-secret|eyJ/);
  });

  inLong('two run at once, and one within the other, each with a mock of its own', async () => {
    await using folder = await temporaryFolder();
    const own = 'curl -sS $ARZAMED_MOCK_URL/_mock/journal/count';
    const inner = `${invocation().flat().join(' ')} exec --quiet -- sh -c '${ask.join(' ')}; ${own}'`;
    const files = ['first', 'second'].map((name) => `${folder.path}/${name}`);
    const both = files.map((file) => `${inner} > ${file} & `).join('');
    expect((await exec('--', 'sh', '-c', `${both} wait; ${own}`)).stdout).toBe('{"count":0,"dropped":0}');
    const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
    expect(texts).toEqual(['401{"count":1,"dropped":0}', '401{"count":1,"dropped":0}']);
  });

  const start = invocation()
    .flat()
    .map((word) => `"${word}"`)
    .join(' ');
  /** Runs a script of bash in which `ax` is `arzamed exec`. */
  const inShell = (script: string, cwd?: string): Promise<Ended> =>
    run('bash', ['-c', `ax() { ${start} exec "$@"; }\n${script}`], cwd ? { cwd } : {});

  test('ends as its program does: by the same signal, so that a loop of the shell ends', async () => {
    const program = ['exec', '--quiet', '--', 'sh', '-c', 'kill -INT $$'];
    const child = spawn(...invocation(...program), { stdio: 'ignore' });
    expect(await once(child, 'exit')).toEqual([null, 'SIGINT']);
  });

  // One process for all of it, since each takes seconds.
  onLinux('is as its program would be alone: exit code, output, open files, in a folder that was deleted', async () => {
    await using folder = await temporaryFolder({ 'gone/.keep': '', open: 'five' });
    const quoted = ask.map((word) => `'${word}'`).join(' ');
    const list = 'cat <&5; echo nine >&9; ls /proc/self/fd; printf err >&2';
    const open = 'exec 5<../open 9>&1; rm -r ../gone;';
    const there = `${folder.path}/gone`;
    const script = `${open} ax --quiet -- sh -c "${list}; ${quoted}; exit 7"`;
    const under = await inShell(script, there);
    await mkdir(there);
    const alone = await inShell(`${open} sh -c '${list}'`, there);
    expect(alone).toMatchObject({
      stdout: expect.stringMatching(/^fivenine\n/),
      stderr: expect.stringMatching(/err$/),
    });
    expect(under).toEqual({ code: 7, stdout: `${alone.stdout}401`, stderr: alone.stderr });
  });

  onLinux('keeps the exit code of its program, or its signal, where nothing can be said on stderr', async () => {
    const script = `ax -- sh -c 'kill -TERM $$' 2>&-; echo $?; ax -- sh -c 'exit 3' 2>/dev/full; echo $?`;
    expect((await inShell(script)).stdout).toBe('143\n3\n');
  });

  test('keeps the exit code of its program where the report cannot be written, or says 2 for 0', async () => {
    const report = ['--quiet', '--report', '/dev/null/report.json'];
    expect(await exec(...report, '--', 'sh', '-c', 'exit 7')).toMatchObject({
      code: 7,
      stderr: expect.stringContaining('cannot be written'),
    });
    expect((await exec(...report, '--', 'true')).code).toBe(2);
  });

  test('refuses a TMPDIR that is not there with a sentence', async () => {
    using _variables = setVariables({ TMPDIR: '/none/such' });
    expect(await arzamedHere('exec', '--', 'true')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^arzamed: \/none\/such: A folder cannot be made there \(ENOENT\)\.\nSet TMPDIR /),
    });
  });

  inLong(
    'serves a program that opens hundreds of connections',
    async () => {
      const connections = runs(100, 500);
      const program = `const { get } = require('node:https'); let count = 0;
      for (let i = 0; i < ${connections}; i += 1) get('${host}/api/v1/equipe/doctors', { agent: false }, (answer) => {
        answer.resume().on('end', () => { count += 1; if (count === ${connections}) console.log(count); });
      });`;
      const { code, stdout } = await exec('--', process.execPath, '-e', program);
      expect({ code, stdout }).toEqual({ code: 0, stdout: `${connections}\n` });
    },
    60_000,
  );
});
