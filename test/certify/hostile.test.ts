// Programs and files that are not as they should be: none harms the run, its report, or what is tried next.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { expect, test } from '@jest/globals';
import { arzamedHere } from '../support/in-process.ts';
import { isLong } from '../support/runs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const inLong = isLong ? test : test.skip;
const works = ['certify', '--only', 'works'];
const shell = (script: string): string[] => ['--', 'sh', '-c', script];

/** Runs with a server at a free port, whose connections end with it. */
async function serving<Result>(server: Server, act: (url: string) => Promise<Result>): Promise<Result> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  try {
    return await act(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`);
  } finally {
    server.close();
  }
}

test('what a program prints and asks for acts neither on a terminal, nor on GitHub Actions, nor in a page', async () => {
  await using folder = await temporaryFolder();
  const report = `${folder.path}/r.html`;
  const url = '"$ARZAMED_BASE_URL/<script>%3Cscript%3E"';
  const script = `printf '::error::no\\n\\033[2J<script>'; curl -sS -o /dev/null ${url}; exit 1`;
  const { code, stdout } = await arzamedHere(...works, '--report', report, ...shell(script));
  expect(code).toBe(1);
  expect(stdout).not.toContain('\u001B');
  expect(stdout).not.toMatch(/^\s*::/m);
  expect(stdout).toContain('The program ended with 1.');
  expect(await readFile(report, 'utf8')).not.toContain('<script');
});

test('a program that does not end is ended when its time is over, and does not work', async () => {
  const { code, stdout } = await arzamedHere(...works, '--patience', '1', ...shell('sleep 600 & wait'));
  expect(stdout).toContain('The program made no request to the API.');
  expect(code).toBe(1);
});

inLong('what a program leaves running ends with it, and its output is not waited for', async () => {
  const waiting = createHttpServer((request) => waiting.emit('asked', once(request.socket, 'close')));
  const asked = once(waiting, 'asked');
  await serving(waiting, async (url) => {
    const script = `curl -s --noproxy '*' ${url} & until curl -s -o /dev/null "$ARZAMED_BASE_URL"; do :; done; sleep 1`;
    const { stdout } = await arzamedHere(...works, '--patience', '600', ...shell(script));
    expect(stdout).toMatch(/^  met +must +works/m);
    const [closed] = await asked;
    await closed;
  });
});

inLong(
  'of a program that prints a gigabyte, the end is kept',
  async () => {
    const script = `head -c 1000000000 /dev/zero | tr '\\0' x; echo "$ARZAMED_CLIENT_SECRET"`;
    const args = ['certify', '--only', 'secret-not-printed', '--patience', '120', ...shell(script)];
    const { code, stdout } = await arzamedHere(...args);
    expect(stdout).toContain('Its output has a secret or a token.');
    expect(code).toBe(1);
  },
  180_000,
);

test.each([
  ['no JSON', '{', 'expected.json'],
  ['no list', '{"requirement":"works"}', 'expected.json'],
  ['an entry without a reason', '[{"requirement":"works"}]', 'reason'],
  ['an unknown requirement', '[{"requirement":"work","reason":"Later."}]', 'Did you mean works?'],
])('a file of --expected that is %s ends with 2 and says so', async (_case, text, said) => {
  await using folder = await temporaryFolder({ 'expected.json': text });
  const { code, stderr } = await arzamedHere(...works, '--expected', `${folder.path}/expected.json`, '--', 'true');
  expect([code, stderr]).toEqual([2, expect.stringContaining(said)]);
});

inLong.each<[string, () => Server, string]>([
  ['that takes a connection and never answers', () => createServer(), 'did not become ready within 1 s'],
  [
    'at which another program answers',
    () => createHttpServer((_request, response) => response.end()),
    'Another program answers there',
  ],
])('a URL of --ready %s ends with 2 and says so', async (_case, open, said) => {
  const server = open();
  server.on('connection', (socket) => server.once('close', () => socket.destroy()));
  const { code, stderr } = await serving(server, (url) =>
    arzamedHere(...works, '--ready', url, '--trigger', 'true', '--patience', '1', ...shell('sleep 9')),
  );
  expect([code, stderr]).toEqual([2, expect.stringContaining(said)]);
});
