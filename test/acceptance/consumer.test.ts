// A user's project, test/acceptance/consumer/, that has the tarball installed and nothing of this checkout but
// the tools that it would have from npm. The TypeScript examples of the documentation stand among its modules, so that they
// are compiled as strictly, and their tests run.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { modules } from '../docs/blocks.ts';
import { run, type Ended } from '../support/command.ts';
import { compile } from '../support/compile.ts';
import { packedProject } from '../support/packed-project.ts';
import { isLong } from '../support/runs.ts';
import type { TemporaryFolder } from '../support/temporary-folder.ts';

interface Started {
  baseUrl: string;
  clinics: { tokenUrl: string; keys: { clientId: string; clientSecret: string; status: string }[] }[];
}

const inLong = isLong ? test : test.skip;

let project: TemporaryFolder;
let mock: Started;
let stop = async (): Promise<void> => {};
beforeAll(async () => {
  const sources = Object.entries(modules).map(([name, source]) => [`src/${name}`, source]);
  project = await packedProject({ ...(await filesOf('test/acceptance/consumer')), ...Object.fromEntries(sources) });
  mock = await startMock();
  await inProject('node_modules/.bin/arzamed types --out src/arzamed.ts');
}, 60_000);
afterAll(async () => {
  await stop();
  await project[Symbol.asyncDispose]();
});

async function filesOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const texts = paths.map(async (path) => [path.slice(folder.length + 1), await readFile(path, 'utf8')]);
  return Object.fromEntries(await Promise.all(texts));
}

/** Starts the mock as the README says. */
async function startMock(): Promise<Started> {
  // In a group of its own, which ends as one: the mock is not the child, but the child of npx.
  const child = spawn('npx', ['arzamed', 'mock', '--port', '0', '--json'], {
    cwd: project.path,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const complaint = text(child.stderr);
  const ended = once(child, 'exit');
  stop = async () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
    await ended;
  };
  const { value, done } = await createInterface(child.stdout)[Symbol.asyncIterator]().next();
  if (done === true) throw new Error(await complaint);
  return JSON.parse(value);
}

/** Runs a command in the project, with the credentials of a key in the environment. */
async function inProject(command: string, status = 'active'): Promise<Ended> {
  const [clinic] = mock.clinics;
  const key = clinic?.keys.find((each) => each.status === status);
  const variables = {
    ARZAMED_TOKEN_URL: clinic?.tokenUrl,
    ARZAMED_CLIENT_ID: key?.clientId,
    ARZAMED_CLIENT_SECRET: key?.clientSecret,
    ARZAMED_BASE_URL: mock.baseUrl,
    NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
  };
  const assignments = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'\n`);
  return run('sh', ['-ec', `${assignments.join('')}${command}`], { cwd: project.path });
}

test('its program shows the doctors of a mock that npx started', async () => {
  expect(await inProject('node src/main.ts')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Dr\. Marco Bianchi <https:.*>\nDr\. Sofia Ricci\nDr\. Luca Ferrari <https:.*>\n$/),
  });
});

inLong('its program says that its key was revoked', async () => {
  expect(await inProject('node src/main.ts', 'revoked')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'The key was revoked.\n',
  });
});

inLong('its CommonJS requires the client', async () => {
  expect(await inProject('node src/legacy.cjs')).toEqual({ code: 0, stdout: '3 doctors\n', stderr: '' });
});

test('it finds the specification and the contract by their names', async () => {
  expect(await inProject('node src/facts.ts')).toEqual({
    code: 0,
    stdout: 'OpenAPI 3.1.0, contract with arzamed-api\n',
    stderr: '',
  });
});

test('it compiles, with the examples of the documentation, as strictly as TypeScript can', () => {
  expect(compile(project.path)).toBe('');
});

test('its own test passes, and provoke.test.ts and sandbox.test.ts, with mocks in the process of Jest', async () => {
  const { code, stderr } = await inProject('node_modules/.bin/jest');
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('Tests:       5 passed, 5 total') });
});

// types.test.ts has the same in its own process.
inLong('its CI holds the generated types to the specification', async () => {
  const check = 'node_modules/.bin/arzamed types --out src/arzamed.ts --check';
  expect(await inProject(check)).toMatchObject({ code: 0, stdout: '' });
});
