import { readFile, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, test } from '@jest/globals';
import { invocation } from '../support/command.ts';
import { startDetached } from '../support/exec-process.ts';
import { arzamedHere, arzamedIn } from '../support/in-process.ts';
import { placeIn, sarifResults } from '../support/sarif.ts';
import { isLong } from '../support/runs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const inLong = isLong ? test : test.skip;

/** A program that requests a token and calls a path once, without a second attempt. */
const calling = (path: string, scope = ''): string[] => {
  const credentials = '-u "$ARZAMED_CLIENT_ID:$ARZAMED_CLIENT_SECRET" -d grant_type=client_credentials';
  const token = `curl -fsS ${credentials} -d scope=${scope} "$ARZAMED_TOKEN_URL" | sed 's/.*access_token":"//; s/".*//'`;
  return ['--', 'sh', '-c', `curl -fsS -H "Authorization: Bearer $(${token})" "$ARZAMED_BASE_URL${path}"`];
};
const program = calling('/equipe/doctors', 'https://api.nextgen.arzamed.com/read');

const checking = (...ids: string[]): string[] => ids.flatMap((id) => ['--only', id]);

test('a program that meets what is asked ends with 0', async () => {
  const { code, stdout } = await arzamedHere('certify', ...checking('token-by-basic'), ...program);
  expect(stdout).toMatch(/^  met +must +token-by-basic +Authenticates/);
  expect(code).toBe(0);
});

test('reports show what is not met, contain no secret, and a change of one is noticed', async () => {
  await using folder = await temporaryFolder();
  const endings = ['html', 'json', 'xml', 'md', 'sarif', 'svg'];
  const files = endings.map((ending) => `${folder.path}/report.${ending}`);
  const reports = files.flatMap((file) => ['--report', file]);
  const { code, stdout } = await arzamedHere(
    'certify',
    ...checking('unavailable-retried'),
    ...reports,
    '--json',
    ...program,
  );
  expect(code).toBe(1);
  const said = 'The call was not repeated after 503.';
  expect(JSON.parse(stdout)).toMatchObject({ program: 'sh', results: [{ verdict: 'not met', happened: said }] });
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  expect(texts.map((text) => text.includes(said))).toEqual(endings.map((ending) => ending !== 'svg'));
  expect(texts.join('\n')).not.toMatch(/not-a-secret|Basic [\w+/]{9}|eyJ|Bearer [^t]/);
  const [html = ''] = files;
  expect(await arzamedHere('certify', '--check', html)).toMatchObject({ code: 0 });
  await writeFile(html, (texts[0] ?? '').replace('not met', 'met'));
  const checked = await arzamedHere('certify', '--check', html);
  expect(checked).toMatchObject({ code: 1, stdout: expect.stringContaining('was changed') });
});

test('a failure that is expected is accepted, and one that is no longer there is stale', async () => {
  await using folder = await temporaryFolder({
    'expected.json': JSON.stringify([{ requirement: 'unavailable-retried', reason: 'Cron repeats it.' }]),
    'stale.json': JSON.stringify([{ requirement: 'token-by-basic', reason: 'Until the next release.' }]),
  });
  const certify = (file: string, id: string): ReturnType<typeof arzamedHere> =>
    arzamedHere('certify', '--expected', `${folder.path}/${file}`, ...checking(id), ...program);
  const accepted = await certify('expected.json', 'unavailable-retried');
  expect(accepted).toMatchObject({ code: 0, stdout: expect.stringContaining('not met (expected)') });
  const stale = await certify('stale.json', 'token-by-basic');
  expect(stale).toMatchObject({ code: 1, stdout: expect.stringContaining('Remove it from the file of --expected.') });
});

inLong('annotates the program for GitHub', async () => {
  await using folder = await temporaryFolder({ 'call.sh': program.at(-1) ?? '' });
  const args = [...checking('unavailable-retried'), '--report', 'r.sarif', '--format', 'github', '--', 'sh', 'call.sh'];
  const { code, stdout } = await arzamedIn(folder.path, 'certify', ...args);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^::error file=call\.sh,line=1,title=arzamed certify%3A unavailable-retried::/m);
  expect((await sarifResults(`${folder.path}/r.sarif`)).map(placeIn)).toEqual(['call.sh:1']);
});

inLong('--probe names the changes of an answer that the program does not survive', async () => {
  const [, shell = '', option = '', script = ''] = program;
  const fragile = `answer=$(${script}); echo "$answer"; case $answer in *null*) exit 1;; esac`;
  const args = ['--probe', '--expect-output', 'Dr', '--clinic', 'ricci', '--', shell, option, fragile];
  const { code, stdout } = await arzamedHere('certify', ...args);
  expect(stdout.split('\n').slice(0, -2)).toEqual([
    'does not survive $[*].profileImage: null (ended with 1)',
    'does not survive $: no items (printed something else)',
    'does not survive $[*].name: longest text (printed something else)',
  ]);
  expect(code).toBe(1);
});

test('--list names the requirements with their level and sentence', async () => {
  const { code, stdout } = await arzamedHere('certify', '--list');
  expect(stdout).toMatch(/^Requirements of 2026-12\n/);
  expect(stdout).toMatch(/^  should  order-kept +Keeps the order of a list\.$/m);
  expect(code).toBe(0);
});

test.each([
  ['a requirement that is misspelt', ['--only', 'token-cache', '--', 'true'], 'Did you mean token-cached?'],
  ['a date without requirements', ['--requirements', '2020-01', '--', 'true'], 'There are no requirements of 2020-01.'],
  ['a program that is not there', ['--only', 'works', '--', 'no-such-program'], 'no-such-program'],
  ['no program', ['--only', 'works'], 'There is no program to run.'],
  ['a list that is not there', ['--expected', 'no-such-list.json', '--', 'true'], 'Name another with --expected FILE.'],
  ['a report that is not there', ['--check', 'no-such-report.html'], 'beside its .sha256 file'],
  [
    'a program that does not become ready',
    [
      ...checking('works'),
      '--ready',
      'http://127.0.0.1:9/',
      '--trigger',
      'true',
      '--patience',
      '1',
      '--',
      'sleep',
      '9',
    ],
    'The program did not become ready within 1 s.',
  ],
  ['--probe with a requirement', ['--probe', '--only', 'works', '--', 'true'], "cannot be used with option '--only"],
  ['--probe of what fails as it is', ['--probe', '--', 'false'], 'It ended with 1.'],
])('%s ends with 2 and says what to do', async (_case, args, said) => {
  const { code, stdout, stderr } = await arzamedHere('certify', ...args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(said);
  expect(stderr).not.toMatch(/^ +at /m);
});

inLong('a program that ends in place of becoming ready does not work', async () => {
  const server = ['--ready', 'http://127.0.0.1:9/', '--trigger', 'true', '--', 'sh', '-c', 'exit 3'];
  const { code, stdout } = await arzamedHere('certify', ...checking('works'), ...server);
  expect(stdout).toMatch(/^  not met +must +works/m);
  expect(code).toBe(1);
});

inLong('of a program that makes no request, only that is said', async () => {
  const { code, stdout } = await arzamedHere('certify', ...checking('works', 'unavailable-retried'), '--', 'true');
  expect(stdout).toContain('The program made no request to the API.');
  expect(stdout).toContain('0 met, 1 not met, 1 not observed');
  expect(code).toBe(1);
});

inLong("another API's program is certified, and its document says what its vendor asks", async () => {
  const document = await readFile('test/other-api/ferries.yaml', 'utf8');
  const rules = 'x-client-rules: { unavailable-retried: { level: should, source: handbook, says: Try again later. } }';
  await using folder = await temporaryFolder({
    'ferries.yaml': document.replace('title: Ferry Bookings', `title: Ferry Bookings\n  ${rules}`),
    'schemas.yaml': await readFile('test/other-api/schemas.yaml', 'utf8'),
  });
  const { code, stdout } = await arzamedHere(
    'certify',
    `--spec=${folder.path}/ferries.yaml`,
    '--clinics=test/other-api/clinics',
    '--clinic=baltic',
    ...checking('works', 'unavailable-retried'),
    ...calling('/sailings?from=HEL', 'sailings:read'),
  );
  expect(stdout).toMatch(/^  not met +should +unavailable-retried/m);
  expect(stdout).toContain('Try again later;');
  expect(stdout).toMatch(/^  met +must +works/m);
  expect(code).toBe(0);
});

inLong('an interruption ends the program with all that it started, and leaves the results so far', async () => {
  let started = 0;
  const waiting = createServer((request, response) => {
    started += 1;
    if (started === 1) response.end();
    else waiting.emit('second', once(request.socket, 'close'));
  });
  const second = once(waiting, 'second');
  waiting.listen(0, '127.0.0.1');
  await once(waiting, 'listening');
  const address = waiting.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const [, shell = '', option = '', script = ''] = program;
  const more = `${script}; curl -s --noproxy '*' http://127.0.0.1:${port} & wait`;
  const args = ['certify', ...checking('works', 'unavailable-retried'), '--', shell, option, more];
  await using running = startDetached(...invocation(...args));
  const [closed] = await second;
  running.child.kill('SIGINT');
  const { code, stdout } = await running.ended();
  await closed;
  waiting.close();
  expect(code).toBe(2);
  expect(stdout).toMatch(/^  met +must +works/m);
  expect(stdout).toContain('unavailable-retried: The run was interrupted.');
});
